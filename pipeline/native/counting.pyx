# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""From words and characters to rows of TF-IDF, in one pass.

The twin is in ``Vectoriser.rows``; every sum adds in its order, so that every bit is the same.
"""

from libc.math cimport log, sqrt
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

import numpy as np

include "memory.pxi"

cdef extern from *:
    """
    #ifdef _MSC_VER
    #include <intrin.h>
    static int lowest_bit(unsigned __int64 word) {
        unsigned long place;
        _BitScanForward64(&place, word);
        return (int) place;
    }
    #else
    static int lowest_bit(unsigned long long word) { return __builtin_ctzll(word); }
    #endif
    """
    int lowest_bit(uint64_t word) noexcept nogil

cdef enum:
    SHORT = 3
    BITS = 21
    # keys that no word has
    NONE = 0
    LONG = -2

cdef uint64_t MULTIPLIER = 0x9E3779B97F4A7C15


cdef struct Table:
    const int64_t* keys
    const int32_t* values
    uint64_t shift
    uint64_t mask


cdef struct Seen:
    # how often each column was met, and two levels of bits that say which: those come out sorted
    int32_t* counts
    uint64_t* marks
    uint64_t* groups


cdef inline void prepare(const Table* table, int64_t key) noexcept nogil:
    """Fetch where a key begins to be looked for: far-off memory is waited for once for many keys, not for each."""
    cdef uint64_t slot = (<uint64_t> key * MULTIPLIER) >> table.shift
    ask_for(table.keys + slot)
    ask_for(table.values + slot)


cdef inline int32_t value_of(const Table* table, int64_t key) noexcept nogil:
    cdef uint64_t slot = (<uint64_t> key * MULTIPLIER) >> table.shift
    while table.keys[slot] != key:
        # nothing stands in an empty slot: -1
        if table.keys[slot] == -1:
            return -1
        slot = (slot + 1) & table.mask
    return table.values[slot]


cdef inline void meet(Seen* seen, int32_t column) noexcept nogil:
    if column < 0:
        return
    if not seen.counts[column]:
        seen.marks[column >> 6] |= <uint64_t> 1 << (column & 63)
        seen.groups[column >> 12] |= <uint64_t> 1 << (column >> 6 & 63)
    seen.counts[column] += 1


cdef Table _table(table, const int64_t[::1] keys, const int32_t[::1] values):
    return Table(&keys[0], &values[0], int(table.shift), len(keys) - 1)


def tfidf(
    tokens,
    const uint32_t[::1] spelled,
    const uint32_t[::1] letters,
    const int64_t[::1] sizes,
    tables,
    const double[::1] idf,
    const int64_t[::1] block_ends,
    const double[::1] weights,
):
    """Return data, columns and row ends of the TF-IDF of documents.

    ``tokens``: their ``Segmentation``, and ``spelled`` its code points; ``letters``: those of the texts end to end,
    ``sizes`` how many of each text; ``tables``: a ``FeatureTables``; ``block_ends`` and ``weights``: the column behind
    each block, and the length of its rows.
    """
    cdef const int64_t[::1] lengths = tokens.lengths, counts = tokens.counts
    cdef const int64_t[::1] word_keys = tables.words.short.keys, pair_keys = tables.bigrams.keys
    cdef const int32_t[::1] word_values = tables.words.short.values, pair_values = tables.bigrams.values
    cdef const int32_t[::1] symbols = tables.symbols, chars = tables.chars_at
    cdef const int32_t[::1] words = tables.words_at, openings = tables.openings_at
    cdef Table word_table = _table(tables.words.short, word_keys, word_values)
    cdef Table pair_table = _table(tables.bigrams, pair_keys, pair_values)
    cdef Py_ssize_t documents = len(sizes), width = len(idf), first = tables.first, bound
    _check(len(counts) == documents and len(symbols) == 0x110000)
    _check(len(weights) == len(block_ends) and (not len(weights) or block_ends[len(weights) - 1] == width))
    _check(_sum(counts) == len(lengths) and _sum(lengths) == len(spelled) and _sum(sizes) == len(letters))
    cdef int32_t[::1] long_places = _long_places(tokens.text, lengths, tables.words.long)

    cdef int32_t[::1] met = np.zeros(width + 1, np.int32)
    cdef uint64_t[::1] marks = np.zeros((width >> 6) + 1, np.uint64)
    cdef uint64_t[::1] groups = np.zeros((width >> 12) + 1, np.uint64)
    cdef Seen seen = Seen(&met[0], &marks[0], &groups[0])
    bound = min(2 * len(lengths), len(lengths) + first * documents) + 2 * len(letters)
    data, columns, ends = np.empty(bound + 1), np.empty(bound + 1, np.int32), np.zeros(documents + 1, np.int32)
    cdef double[::1] values = data
    cdef int32_t[::1] indices = columns, indptr = ends

    cdef int64_t[::1] keys = np.empty(max(_largest(counts), _largest(sizes)) + 1, np.int64)
    cdef Py_ssize_t row, place, token = 0, start = 0, letter = 0, entry = 0, long_token = 0
    cdef int32_t symbol, before, word
    cdef const double* rarity = NULL
    if width:
        rarity = &idf[0]
    with nogil:
        for row in range(documents):
            for place in range(counts[row]):
                keys[place] = _word_key(spelled, start, lengths[token])
                prepare(&word_table, keys[place])
                start += lengths[token]
                token += 1
            for place in range(counts[row]):
                if keys[place] == LONG:
                    word = long_places[long_token]
                    long_token += 1
                else:
                    word = value_of(&word_table, keys[place])
                if word >= 0:
                    meet(&seen, words[word])
                    if place < first:
                        meet(&seen, openings[word])
            before = 0
            for place in range(sizes[row]):
                symbol = symbols[letters[letter + place]]
                meet(&seen, chars[symbol])
                keys[place] = 0
                if before and symbol:
                    keys[place] = <int64_t> before << BITS | symbol
                    prepare(&pair_table, keys[place])
                before = symbol
            letter += sizes[row]
            for place in range(sizes[row]):
                if keys[place]:
                    meet(&seen, value_of(&pair_table, keys[place]))
            place = entry
            entry = _drain(&seen, (width >> 12) + 1, &indices[0], &values[0], entry, rarity)
            _to_unit_length(&indices[0], &values[0], place, entry, block_ends, weights)
            indptr[row + 1] = <int32_t> entry
    return data[:entry], columns[:entry], ends


cdef inline int64_t _word_key(const uint32_t[::1] spelled, Py_ssize_t start, int64_t length) noexcept nogil:
    """All of a word's characters in one number; ``NONE`` for an empty word, ``LONG`` for one that is too long."""
    if length > SHORT:
        return LONG
    if length == 0:
        return NONE
    cdef int64_t key = spelled[start] + 1
    if length > 1:
        key |= <int64_t> (spelled[start + 1] + 1) << BITS
    if length > 2:
        key |= <int64_t> (spelled[start + 2] + 1) << (2 * BITS)
    return key


cdef Py_ssize_t _drain(
    Seen* seen, Py_ssize_t size, int32_t* columns, double* values, Py_ssize_t entry, const double* idf
) noexcept nogil:
    """Write what was met in the order of the columns, as tf times idf, and forget it."""
    cdef Py_ssize_t group, word, column
    cdef int32_t count
    for group in range(size):
        while seen.groups[group]:
            word = (group << 6) + lowest_bit(seen.groups[group])
            seen.groups[group] &= seen.groups[group] - 1
            while seen.marks[word]:
                column = (word << 6) + lowest_bit(seen.marks[word])
                seen.marks[word] &= seen.marks[word] - 1
                count = seen.counts[column]
                seen.counts[column] = 0
                columns[entry] = <int32_t> column
                values[entry] = idf[column] if count == 1 else (1 + log(count)) * idf[column]
                entry += 1
    return entry


cdef void _to_unit_length(
    const int32_t* columns,
    double* values,
    Py_ssize_t start,
    Py_ssize_t stop,
    const int64_t[::1] ends,
    const double[::1] weights,
) noexcept nogil:
    """Bring each block of a row to the length of its weight."""
    cdef Py_ssize_t block, end, i
    cdef double squares, scale
    for block in range(weights.shape[0]):
        squares = 0
        end = start
        while end < stop and columns[end] < ends[block]:
            squares += values[end] * values[end]
            end += 1
        scale = weights[block] / (sqrt(squares) if squares > 0 else 1.0)
        for i in range(start, end):
            values[i] *= scale
        start = end


cdef _long_places(str text, const int64_t[::1] lengths, dict known):
    """Return the places of the words that are too long for a key, one after the other."""
    cdef Py_ssize_t start = 0, token
    found = []
    for token in range(lengths.shape[0]):
        if lengths[token] > SHORT:
            found.append(known.get(text[start:start + lengths[token]], -1))
        start += lengths[token]
    return np.array(found, np.int32)


cdef int64_t _largest(const int64_t[::1] lengths):
    cdef int64_t largest = 0
    cdef Py_ssize_t i
    for i in range(lengths.shape[0]):
        largest = max(largest, lengths[i])
    return largest


cdef int64_t _sum(const int64_t[::1] lengths) except -1:
    """Add lengths; a negative one would lead out of the text."""
    cdef int64_t total = 0
    cdef Py_ssize_t i
    for i in range(lengths.shape[0]):
        _check(lengths[i] >= 0)
        total += lengths[i]
    return total
