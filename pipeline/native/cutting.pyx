# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""jieba 0.42.1's way of cutting, compiled: its dictionary, the best route through it, its hidden Markov model.

Sums are made in jieba's order and ties go where jieba's ``max`` of tuples sends them, so that the last bit agrees.
Nothing changes a dictionary but ``add_word``; all else may run in several threads at once.
"""

from libc.math cimport exp, llround, log
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc, realloc
from libc.string cimport memcpy

cdef extern from "Python.h":
    int PyUnicode_KIND(object text)
    void *PyUnicode_DATA(object text)
    Py_UCS4 PyUnicode_READ(int kind, const void *data, Py_ssize_t place) nogil
    Py_ssize_t PyUnicode_GET_LENGTH(object text)
    str PyUnicode_Substring(object text, Py_ssize_t start, Py_ssize_t stop)

cdef extern from *:
    """
    #if defined(__GNUC__)
    #define prefetch(address) __builtin_prefetch(address)
    #else
    #define prefetch(address)
    #endif
    """
    void prefetch(const void *address) nogil

cdef enum:
    FIRST_HAN = 0x4E00
    LAST_HAN = 0x9FD5
    # what a character is to jieba; 0: a token by itself
    HAN = 1
    LATIN = 2
    SIGN = 3
cdef uint8_t[128] ASCII_KINDS
for _code in range(128):
    ASCII_KINDS[_code] = LATIN if chr(_code).isalnum() else SIGN if chr(_code) in "+#&._%-" else 0

ctypedef struct Step:
    # the weight of the best route from a place to the end of its stretch, and where the first word on it stops
    double weight
    Py_ssize_t stop

ctypedef struct Scratch:
    # what the cutting of a text needs for each of its characters
    uint32_t *codes
    Step *route
    uint8_t *notes

include "cutting_trie.pxi"
include "cutting_word_list.pxi"
include "cutting_dictionary.pxi"
include "cutting_model.pxi"


cdef class Cutter:
    """Cuts as ``jieba.lcut``: by a dictionary, and by a hidden Markov model where that leaves single characters over.

    ``emissions``: for B, E, M and S, the logarithms of the characters' probabilities in that state. A word of
    ``forced_apart`` that only the model finds falls into its characters again. The dictionary must not change any more.
    """

    cdef Dictionary dictionary, forced_apart
    cdef States *emitted

    def __cinit__(self, Dictionary dictionary not None, emissions, forced_apart=()):
        self.dictionary = dictionary
        self.forced_apart = Dictionary()
        for word in forced_apart:
            self.forced_apart.add_word(word, 1)
        self.emitted = _emission_table(emissions)

    def __dealloc__(self):
        free(self.emitted)

    def cut(self, text):
        """Return the tokens of a text."""
        cdef Py_ssize_t length = _length(text), count, token, place = 0
        cdef Scratch scratch = _scratch(length)
        cdef int64_t *lengths = NULL
        cdef list tokens = []
        try:
            lengths = <int64_t *>_resized(NULL, length * sizeof(int64_t))
            _read(PyUnicode_KIND(text), PyUnicode_DATA(text), 0, length, scratch.codes)
            count = self._cut(scratch, length, lengths)
            for token in range(count):
                tokens.append(PyUnicode_Substring(text, place, place + lengths[token]))
                place += lengths[token]
        finally:
            free(lengths)
            _free(scratch)
        return tokens

    def segment(
        self, text, const int64_t[::1] text_lengths not None, int64_t[::1] token_lengths not None,
        int64_t[::1] counts not None
    ):
        """Cut many texts that stand end to end in ``text``; return the number of all tokens.

        ``token_lengths``, as long as ``text``, takes the length of every token, ``counts`` the number of tokens in each
        text. Raises ``ValueError`` if the lengths do not fit.
        """
        cdef Py_ssize_t number, count, start = 0, longest = 0, total = 0
        cdef Scratch scratch
        cdef int kind
        cdef const void *data
        for number in range(text_lengths.shape[0]):
            if not 0 <= text_lengths[number] <= _length(text) - start:
                raise ValueError("the lengths of the texts do not fit the text")
            start += text_lengths[number]
            longest = max(longest, text_lengths[number])
        if not start == _length(text) == token_lengths.shape[0] or counts.shape[0] != text_lengths.shape[0]:
            raise ValueError("the lengths do not fit the text")
        scratch = _scratch(longest)
        kind, data, start = PyUnicode_KIND(text), PyUnicode_DATA(text), 0
        with nogil:
            for number in range(text_lengths.shape[0]):
                count = 0
                if text_lengths[number]:
                    _read(kind, data, start, text_lengths[number], scratch.codes)
                    count = self._cut(scratch, text_lengths[number], &token_lengths[total])
                counts[number] = count
                total += count
                start += text_lengths[number]
        _free(scratch)
        return total

    cdef Py_ssize_t _cut(self, Scratch scratch, Py_ssize_t length, int64_t *lengths) noexcept nogil:
        """Write the lengths of the tokens of one text; return how many there are."""
        cdef const uint32_t *codes = scratch.codes
        cdef const Step *route = scratch.route
        cdef Py_ssize_t place = 0, stop, count = 0
        self.dictionary.find_route(scratch, length)
        while place < length:
            stop = place
            while stop < length and route[stop].stop == stop + 1 and _kind(codes[stop]):
                stop += 1
            if stop - place > 1 and not self.dictionary.has_word(codes + place, stop - place):
                count += self._cut_run(codes + place, stop - place, scratch.notes, lengths + count)
            elif stop > place:
                # a run that is a word, too rare to have been chosen, stays in its characters
                count = _add_singles(lengths, count, stop - place)
            else:
                stop = route[place].stop
                lengths[count] = stop - place
                count += 1
            place = stop
        return count

    cdef Py_ssize_t _cut_run(
        self, const uint32_t *run, Py_ssize_t length, uint8_t *notes, int64_t *lengths
    ) noexcept nogil:
        """Cut a run of single characters as ``finalseg.cut``; return the number of words."""
        cdef Py_ssize_t place = 0, stop, count = 0
        while place < length:
            stop = place
            while stop < length and _kind(run[stop]) == HAN:
                stop += 1
            if stop > place:
                count += self._cut_han(run + place, stop - place, notes, lengths + count)
            else:
                stop = _stop_without_han(run, place, length)
                lengths[count] = stop - place
                count += 1
            place = stop
        return count

    cdef Py_ssize_t _cut_han(
        self, const uint32_t *run, Py_ssize_t length, uint8_t *notes, int64_t *lengths
    ) noexcept nogil:
        cdef Py_ssize_t start = 0, place, count = 0
        _note_word_ends(self.emitted, run, length, notes)
        for place in range(length):
            if not notes[place]:
                continue
            if self.forced_apart.total and self.forced_apart.has_word(run + start, place + 1 - start):
                count = _add_singles(lengths, count, place + 1 - start)
            else:
                lengths[count] = place + 1 - start
                count += 1
            start = place + 1
        return count


cdef inline uint8_t _kind(uint32_t character) noexcept nogil:
    if FIRST_HAN <= character <= LAST_HAN:
        return HAN
    return ASCII_KINDS[character] if character < 128 else 0


cdef inline Py_ssize_t _width(const uint32_t *codes, Py_ssize_t place, Py_ssize_t length) noexcept nogil:
    """Return the length of a token that is not looked up: of two characters is only ``\\r\\n``."""
    return 2 if codes[place] == c"\r" and place + 1 < length and codes[place + 1] == c"\n" else 1


cdef inline Py_ssize_t _add_singles(int64_t *lengths, Py_ssize_t count, Py_ssize_t singles) noexcept nogil:
    cdef Py_ssize_t place
    for place in range(count, count + singles):
        lengths[place] = 1
    return count + singles


cdef Py_ssize_t _length(text) except -1:
    if not isinstance(text, str):
        raise TypeError(f"a text is wanted, not {type(text).__name__}")
    return PyUnicode_GET_LENGTH(text)


cdef inline void _read(
    int kind, const void *data, Py_ssize_t start, Py_ssize_t length, uint32_t *codes
) noexcept nogil:
    cdef Py_ssize_t place
    for place in range(length):
        codes[place] = PyUnicode_READ(kind, data, start + place)


cdef void *_resized(void *memory, size_t size) except NULL:
    cdef void *found = realloc(memory, size + 1)
    if not found:
        raise MemoryError
    return found


cdef Scratch _scratch(Py_ssize_t length) except *:
    cdef Scratch scratch
    scratch.codes = <uint32_t *>malloc((length + 1) * sizeof(uint32_t))
    scratch.route = <Step *>malloc((length + 1) * sizeof(Step))
    scratch.notes = <uint8_t *>malloc(length + 1)
    if not scratch.codes or not scratch.route or not scratch.notes:
        _free(scratch)
        raise MemoryError
    return scratch


cdef void _free(Scratch scratch) noexcept:
    free(scratch.codes)
    free(scratch.route)
    free(scratch.notes)
