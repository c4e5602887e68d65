# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""How alike texts are: sketches of trigrams, counts of bigrams, cosines of sparse rows.

Every function names its twin and gives the same result, sums of floats added up in the same order. Arrays come from the
caller, who sees to their sizes. The loops let go of the interpreter lock, so that blocks can run side by side.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_4BYTE_KIND, PyUnicode_FromKindAndData
from libc.math cimport rint
from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

def letters_and_digits(list texts):
    """Return the texts without any other characters (``near_duplicates._letters_and_digits``)."""
    cdef Py_ssize_t longest = 0
    cdef str text
    for text in texts:
        longest = max(longest, len(text))
    cdef Py_UCS4* kept = <Py_UCS4*> PyMem_Malloc((longest + 1) * sizeof(Py_UCS4))
    if kept == NULL:
        raise MemoryError
    try:
        return [_letters_and_digits(text, kept) for text in texts]
    finally:
        PyMem_Free(kept)


cdef str _letters_and_digits(str text, Py_UCS4* kept):
    cdef Py_ssize_t count = 0
    cdef Py_UCS4 character
    for character in text:
        if character.isalnum():
            kept[count] = character
            count += 1
    return text if count == len(text) else PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, kept, count)


def sketch(const uint32_t[::1] codes, const int64_t[::1] ends, uint64_t[:, ::1] hashes, int64_t[::1] size,
           Py_ssize_t begin, Py_ssize_t end):
    """Write the smallest hashes of texts ``begin`` to ``end``, ascending, and their number (``_sketched``).

    ``ends[i]`` is where text ``i`` ends in ``codes``; ``hashes`` has a row for each text.
    """
    cdef Py_ssize_t text, at, stop
    cdef uint64_t key
    with nogil:
        for text in range(begin, end):
            at = ends[text - 1] if text else 0
            stop = ends[text] - 2
            size[text] = 0
            while at < stop:
                key = codes[at] | (<uint64_t> codes[at + 1] << 21) | (<uint64_t> codes[at + 2] << 42)
                size[text] = _with_smallest(hashes[text], size[text], _mixed(key))
                at += 1


cdef inline uint64_t _mixed(uint64_t key) noexcept nogil:
    """The finaliser of SplitMix64, as in ``near_duplicates._mixed``."""
    key *= <uint64_t> 0x9E3779B97F4A7C15
    key = (key ^ (key >> 30)) * <uint64_t> 0xBF58476D1CE4E5B9
    return key ^ (key >> 31)


cdef inline Py_ssize_t _with_smallest(uint64_t[::1] kept, Py_ssize_t count, uint64_t one) noexcept nogil:
    """Put a key among the ``count`` smallest distinct ones, ascending, if there is room; return their number."""
    cdef Py_ssize_t place = count, at
    if count == kept.shape[0] and one >= kept[count - 1]:
        return count
    while place and kept[place - 1] > one:
        place -= 1
    if place and kept[place - 1] == one:
        return count
    if count < kept.shape[0]:
        count += 1
    for at in range(count - 1, place, -1):
        kept[at] = kept[at - 1]
    kept[place] = one
    return count


def number(const uint64_t[:, ::1] hashes, const int64_t[::1] size, uint64_t[::1] slots, int32_t[::1] numbers,
           int32_t[:, ::1] numbered, int32_t[::1] texts):
    """Number the distinct hashes from 1 on and count the texts that have each; return how many there are.

    ``slots`` and ``numbers`` are a hash table, all zero, of a power of two of places, more than there are hashes.
    """
    cdef Py_ssize_t text, place, slot, mask = slots.shape[0] - 1
    cdef int32_t found = 0
    with nogil:
        for text in range(size.shape[0]):
            for place in range(size[text]):
                slot = hashes[text, place] & mask
                while numbers[slot] and slots[slot] != hashes[text, place]:
                    slot = (slot + 1) & mask
                if not numbers[slot]:
                    found += 1
                    slots[slot] = hashes[text, place]
                    numbers[slot] = found
                numbered[text, place] = numbers[slot]
                texts[numbers[slot]] += 1
    return found


def rarest(const int64_t[::1] size, const int64_t[::1] prefix, const int32_t[::1] texts, int32_t[:, ::1] numbered,
           int64_t[::1] kept):
    """Move to the front of each row those of its ``prefix`` rarest hashes that others have (``_rarest``)."""
    cdef Py_ssize_t text, place, at
    cdef int32_t one
    with nogil:
        for text in range(size.shape[0]):
            for place in range(1, size[text]):
                # the row is in order of hashes, and stays so where counts are equal
                one = numbered[text, place]
                at = place
                while at and texts[numbered[text, at - 1]] > texts[one]:
                    numbered[text, at] = numbered[text, at - 1]
                    at -= 1
                numbered[text, at] = one
            for place in range(min(prefix[text], size[text])):
                if texts[numbered[text, place]] > 1:
                    numbered[text, kept[text]] = numbered[text, place]
                    kept[text] += 1


def join_alike(const uint64_t[:, ::1] hashes, const int64_t[::1] size, const int32_t[:, ::1] numbered,
               const int64_t[::1] kept, const int64_t[::1] starts, int64_t[::1] filled, int64_t[::1] buckets,
               const int32_t[::1] enough, Py_ssize_t nearest, int64_t[::1] met, int64_t[::1] group):
    """Lead every text to the first of its group (``_similar_pairs`` and ``_linked``).

    Row ``i`` of ``numbered`` begins with the ``kept[i]`` hashes by which text ``i`` is found; a text meets its
    ``nearest`` predecessors with the same hash. ``enough[a + b]`` is how many hashes sketches of sizes ``a`` and ``b``
    must share. The texts with hash ``h`` go into ``buckets`` from ``starts[h]`` on. ``filled`` and ``met`` begin as
    zero, ``group`` as every text itself.
    """
    cdef Py_ssize_t text, other, place, hash_, at, first
    with nogil:
        for text in range(size.shape[0]):
            for place in range(kept[text]):
                hash_ = numbered[text, place]
                at = starts[hash_] + filled[hash_]
                first = max(starts[hash_], at - nearest)
                buckets[at] = text
                filled[hash_] += 1
                while at > first:
                    at -= 1
                    other = buckets[at]
                    if met[other] < text:
                        met[other] = text
                        if _root(group, other) != _root(group, text) and _share(
                            hashes[other, : size[other]], hashes[text, : size[text]], enough[size[other] + size[text]]
                        ):
                            _join(group, _root(group, other), _root(group, text))
        for text in range(size.shape[0]):
            group[text] = _root(group, text)


cdef inline Py_ssize_t _root(int64_t[::1] group, Py_ssize_t text) noexcept nogil:
    while group[text] != text:
        group[text] = group[group[text]]
        text = group[text]
    return text


cdef inline void _join(int64_t[::1] group, Py_ssize_t one, Py_ssize_t other) noexcept nogil:
    group[max(one, other)] = min(one, other)


cdef inline bint _share(const uint64_t[::1] left, const uint64_t[::1] right, Py_ssize_t enough) noexcept nogil:
    """Whether two ascending rows have so many keys in common."""
    cdef Py_ssize_t one = 0, other = 0, shared = 0
    while one < left.shape[0] and other < right.shape[0]:
        if left[one] == right[other]:
            shared += 1
            one += 1
            other += 1
        elif left[one] < right[other]:
            one += 1
        else:
            other += 1
        if shared + min(left.shape[0] - one, right.shape[0] - other) < enough:
            return False
    return shared >= enough


def count_terms(const uint32_t[::1] heads, const int64_t[::1] head_ends, const uint32_t[::1] bodies,
                const int64_t[::1] body_ends, const int32_t[::1] character, const int32_t[:, ::1] table,
                int32_t[:, ::1] seen, int32_t[::1] term, float[:, ::1] counts, int64_t[::1] size):
    """Count the terms of titles and bodies; return how many entries that makes (``terms._count_block``).

    Complaint ``i`` has ``size[i]`` terms. Their numbers, ascending, go one complaint after the other into ``term``,
    occurrences in titles and in bodies into the rows of ``counts``. ``seen`` (2 rows over all terms) begins and ends as
    zero.
    """
    cdef Py_ssize_t text, place, first, at = 0
    with nogil:
        for text in range(size.shape[0]):
            first = at
            place = head_ends[text - 1] if text else 0
            at = _bigrams(heads, place, head_ends[text], character, table, seen, 0, term, at)
            place = body_ends[text - 1] if text else 0
            at = _bigrams(bodies, place, body_ends[text], character, table, seen, 1, term, at)
            _sort(term[first:at])
            for place in range(first, at):
                counts[0, place] = <float> seen[0, term[place]]
                counts[1, place] = <float> seen[1, term[place]]
                seen[0, term[place]] = 0
                seen[1, term[place]] = 0
            size[text] = at - first
    return at


cdef inline Py_ssize_t _bigrams(const uint32_t[::1] codes, Py_ssize_t start, Py_ssize_t end,
                                const int32_t[::1] character, const int32_t[:, ::1] table, int32_t[:, ::1] seen,
                                Py_ssize_t row, int32_t[::1] term, Py_ssize_t at) noexcept nogil:
    """Count the known bigrams of a text; those that are new go into ``term`` from ``at`` on."""
    cdef Py_ssize_t place, last = character.shape[0] - 1
    cdef int32_t left, right, found
    left = character[min(<Py_ssize_t> codes[start], last)] if start < end else -1
    for place in range(start + 1, end):
        right = character[min(<Py_ssize_t> codes[place], last)]
        if left >= 0 and right >= 0:
            found = table[left, right]
            if found >= 0:
                if not seen[0, found] and not seen[1, found]:
                    term[at] = found
                    at += 1
                seen[row, found] += 1
        left = right
    return at


cdef inline void _sort(int32_t[::1] values) noexcept nogil:
    """Shell's sort with Ciura's gaps: some hundred values at most."""
    cdef Py_ssize_t[8] gaps = [1, 4, 10, 23, 57, 132, 301, 701]
    cdef Py_ssize_t step, gap, place, at
    cdef int32_t one
    for step in range(7, -1, -1):
        gap = gaps[step]
        for place in range(gap, values.shape[0]):
            one = values[place]
            at = place
            while at >= gap and values[at - gap] > one:
                values[at] = values[at - gap]
                at -= gap
            values[at] = one


def strongest(const int64_t[::1] starts, const int32_t[::1] columns, const double[::1] values,
              const unsigned char[::1] allowed, Py_ssize_t most, int64_t[::1] kept_starts, int32_t[::1] kept_columns,
              double[::1] kept_values):
    """Keep the ``most`` greatest values of every row in allowed columns (``linking._strongest``).

    Columns ascend in every row, before and after; of equal values the first is kept. ``kept_starts`` begins with zero.
    """
    cdef Py_ssize_t row, place, at, filled = 0
    with nogil:
        for row in range(starts.shape[0] - 1):
            for place in range(starts[row], starts[row + 1]):
                if allowed[columns[place]]:
                    kept_columns[filled] = columns[place]
                    kept_values[filled] = values[place]
                    filled += 1
                    if filled - kept_starts[row] > most:
                        filled -= 1
                        for at in range(_last_smallest(kept_values, kept_starts[row], filled), filled):
                            kept_columns[at] = kept_columns[at + 1]
                            kept_values[at] = kept_values[at + 1]
            kept_starts[row + 1] = filled


cdef inline Py_ssize_t _last_smallest(const double[::1] values, Py_ssize_t first, Py_ssize_t last) noexcept nogil:
    cdef Py_ssize_t place, found = first
    for place in range(first, last + 1):
        if values[place] <= values[found]:
            found = place
    return found


def nearest(const int64_t[::1] starts, const int32_t[::1] columns, const double[::1] values,
            const int64_t[::1] posting_starts, const int32_t[::1] posting_rows, const double[::1] posting_values,
            double least, double grades, double[::1] scores, int32_t[::1] met, int64_t[:, ::1] pairs,
            int64_t[::1] size, Py_ssize_t begin):
    """Write the best others of the rows from ``begin`` on, and their number (``linking._nearest``).

    They come as keys ``smaller * rows + larger``, one row of ``pairs`` for each. The postings are the transposed rows.
    The score of two rows is their product; those from ``least`` on count, in ``grades`` steps, the first row of equal
    ones. ``scores`` begins and ends as zero, ``met`` has room for all rows.
    """
    cdef Py_ssize_t row, block, place, at, count, other, rows = starts.shape[0] - 1
    cdef double value
    with nogil:
        for block in range(size.shape[0]):
            row = begin + block
            count = 0
            for place in range(starts[row], starts[row + 1]):
                value = values[place]
                for at in range(posting_starts[columns[place]], posting_starts[columns[place] + 1]):
                    other = posting_rows[at]
                    if scores[other] == 0.0 and count < rows:
                        met[count] = <int32_t> other
                        count += 1
                    scores[other] += value * posting_values[at]
            size[block] = 0
            for place in range(count):
                other = met[place]
                if scores[other] >= least and other != row:
                    value = rint((1 - scores[other]) * grades)
                    size[block] = _with_best(pairs[block], size[block], <int64_t> value * rows + other)
                scores[other] = 0.0
            for place in range(size[block]):
                other = pairs[block, place] % rows
                pairs[block, place] = min(row, other) * rows + max(row, other)


cdef inline Py_ssize_t _with_best(int64_t[::1] kept, Py_ssize_t count, int64_t one) noexcept nogil:
    """Put a key among the ``count`` smallest, ascending, as many as there is room for; return their number."""
    cdef Py_ssize_t place
    if count == kept.shape[0]:
        if one >= kept[count - 1]:
            return count
        count -= 1
    place = count
    while place and kept[place - 1] > one:
        kept[place] = kept[place - 1]
        place -= 1
    kept[place] = one
    return count + 1


def cosines(const int64_t[::1] starts, const int32_t[::1] columns, const double[::1] values,
            const int64_t[::1] left, const int64_t[::1] right, double[::1] spread, double[::1] found):
    """Write the product of each pair of rows (``linking._cosines``).

    Columns ascend in every row; pairs with the same left row stand together. ``spread`` (a place for every column)
    begins and ends as zero.
    """
    cdef Py_ssize_t pair, place, row = -1
    cdef double total
    with nogil:
        for pair in range(left.shape[0]):
            if left[pair] != row:
                _clear(starts, columns, row, spread)
                row = left[pair]
                for place in range(starts[row], starts[row + 1]):
                    spread[columns[place]] = values[place]
            total = 0.0
            for place in range(starts[right[pair]], starts[right[pair] + 1]):
                total += spread[columns[place]] * values[place]
            found[pair] = total
        _clear(starts, columns, row, spread)


cdef inline void _clear(const int64_t[::1] starts, const int32_t[::1] columns, Py_ssize_t row,
                        double[::1] spread) noexcept nogil:
    cdef Py_ssize_t place
    if row >= 0:
        for place in range(starts[row], starts[row + 1]):
            spread[columns[place]] = 0.0
