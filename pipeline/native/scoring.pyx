# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""From rows of TF-IDF to their lengths, their scores and the words that decided: one pass each.

The twins are in ``lengths_of_rows``, ``Head.margins`` and ``deciding_words``; every sum adds in their order, so that
every bit is the same.
"""

from libc.math cimport sqrt
from libc.stdint cimport int32_t, int64_t

import numpy as np

include "memory.pxi"

ctypedef fused Real:
    float
    double

cdef enum:
    # words looked at, words shown, and how many entries early their weights are asked for
    MOST = 10
    SHOWN = 5
    AHEAD = 16


cdef int _check_rows(
    const int32_t[::1] indptr, const int32_t[::1] indices, const double[::1] data, Py_ssize_t width
) except -1:
    """Make sure that every row lies within the entries, and every entry within ``width`` columns."""
    cdef Py_ssize_t i
    cdef bint fits = indptr.shape[0] > 0 and indptr[0] == 0 and indices.shape[0] == data.shape[0]
    if fits:
        for i in range(1, indptr.shape[0]):
            fits &= indptr[i - 1] <= indptr[i]
        fits &= indptr[indptr.shape[0] - 1] <= indices.shape[0]
        for i in range(indices.shape[0]):
            fits &= 0 <= indices[i] < width
    return _check(fits)


def norms(
    const int32_t[::1] indptr, const int32_t[::1] indices, const double[::1] data, const Real[::1] scale
):
    """Return the length of every row whose entries are scaled by column; 1 for a row without length."""
    _check_rows(indptr, indices, data, scale.shape[0])
    lengths = np.empty(indptr.shape[0] - 1)
    cdef double[::1] found = lengths
    cdef Py_ssize_t row, i
    cdef double squares, value
    for row in range(found.shape[0]):
        squares = 0
        for i in range(indptr[row], indptr[row + 1]):
            value = data[i] * scale[indices[i]]
            squares += value * value
        found[row] = sqrt(squares) if squares > 0 else 1.0
    return lengths


def margins(
    const int32_t[::1] indptr,
    const int32_t[::1] indices,
    const double[::1] data,
    const Real[:, ::1] weights,
    const double[::1] lengths,
    const Real[::1] bias,
):
    """Return the product of rows with ``weights``, in their precision, over the rows' lengths, and the bias added."""
    _check_rows(indptr, indices, data, weights.shape[0])
    _check(lengths.shape[0] == indptr.shape[0] - 1 and bias.shape[0] == weights.shape[1])
    cdef Py_ssize_t outputs = weights.shape[1], row, i, j
    distances = np.empty((lengths.shape[0], outputs))
    sums = np.empty(outputs, np.float32 if Real is float else np.float64)
    cdef double[:, ::1] found = distances
    cdef Real[::1] sum_ = sums
    cdef const int32_t* columns = NULL
    cdef const double* values = NULL
    cdef const Real* weight = NULL
    if not outputs:
        return distances
    if indices.shape[0]:
        columns, values, weight = &indices[0], &data[0], &weights[0, 0]
    with nogil:
        for row in range(lengths.shape[0]):
            _add_up(indptr[row], indptr[row + 1], columns, values, weight, &sum_[0], outputs)
            for j in range(outputs):
                found[row, j] = sum_[j] / lengths[row] + bias[j]
    return distances


cdef void _add_up(
    Py_ssize_t i,
    Py_ssize_t stop,
    const int32_t* columns,
    const double* values,
    const Real* weights,
    Real* sums,
    Py_ssize_t outputs,
) noexcept nogil:
    """Add the weights of a row's columns, two at a time: that halves how often the sums are read and written."""
    cdef const Real* one
    cdef const Real* other
    cdef Real value, further
    cdef Py_ssize_t j
    for j in range(outputs):
        sums[j] = 0
    while i + 2 <= stop:
        if i + 6 <= stop:
            # the weights of a column are far from those of the next: ask for them before they are needed
            for j in range(0, outputs * <Py_ssize_t> sizeof(Real), 64):
                ask_for(<const char*> (weights + columns[i + 4] * outputs) + j)
                ask_for(<const char*> (weights + columns[i + 5] * outputs) + j)
        one, other = weights + columns[i] * outputs, weights + columns[i + 1] * outputs
        value, further = <Real> values[i], <Real> values[i + 1]
        for j in range(outputs):
            sums[j] = (sums[j] + value * one[j]) + further * other[j]
        i += 2
    if i < stop:
        one, value = weights + columns[i] * outputs, <Real> values[i]
        for j in range(outputs):
            sums[j] += value * one[j]


cdef struct Words:
    # the strongest words of a row, strongest first
    int count
    int32_t columns[MOST]
    double shares[MOST]


cdef inline void _put(Words* words, int32_t column, double share) noexcept nogil:
    """Take a word up among the strongest; of two equal ones the earlier stays in front."""
    cdef int place = words.count
    if place == MOST:
        place -= 1
        if words.shares[place] >= share:
            return
    else:
        words.count += 1
    while place > 0 and words.shares[place - 1] < share:
        words.shares[place] = words.shares[place - 1]
        words.columns[place] = words.columns[place - 1]
        place -= 1
    words.shares[place] = share
    words.columns[place] = column


def reasons(
    const int32_t[::1] indptr,
    const int32_t[::1] indices,
    const double[::1] data,
    const Real[:, ::1] weights,
    const double[::1] lengths,
    const Real[::1] mean,
    const int64_t[::1] leaf,
    list names,
    double faint,
):
    """Return of every row up to five (name, share) pairs, strongest first.

    A share is what a feature adds to the margin of the row's ``leaf`` more than it adds to all on average (``mean``; not
    a number: the feature is never shown). ``names`` stand in column order.
    """
    cdef Py_ssize_t width = weights.shape[0], row, i
    _check_rows(indptr, indices, data, width)
    _check(lengths.shape[0] == indptr.shape[0] - 1 and leaf.shape[0] == lengths.shape[0])
    _check(mean.shape[0] == width and len(names) == width)
    shares = np.empty(indices.shape[0], np.float32 if Real is float else np.float64)
    cdef Real[::1] share = shares
    cdef Real strongest, usual
    cdef Words words
    cdef list found = []
    for row in range(lengths.shape[0]):
        _check(0 <= leaf[row] < weights.shape[1])
        strongest = 0
        for i in range(indptr[row], indptr[row + 1]):
            if i + AHEAD < indptr[row + 1]:
                ask_for(&weights[indices[i + AHEAD], leaf[row]])
            share[i] = 0
            usual = mean[indices[i]]
            if usual == usual:
                share[i] = (weights[indices[i], leaf[row]] - usual) * <Real> (data[i] / lengths[row])
                if share[i] > strongest:
                    strongest = share[i]
        words.count = 0
        for i in range(indptr[row], indptr[row + 1]):
            if share[i] > 0 and share[i] > faint * strongest:
                _put(&words, indices[i], share[i])
        found.append(_merged(&words, names))
    return found


cdef tuple _merged(Words* words, list names):
    """Join what says the same: the fields of one word, and pieces of a longer one."""
    cdef list known = [], said = []
    cdef double shares[MOST]
    cdef int count = 0, i, j, place, other
    cdef str word
    for i in range(words.count):
        word = names[words.columns[i]]
        for j in range(count):
            if _holds(known[j], word):
                shares[j] += words.shares[i]
                break
            if _holds(word, known[j]):
                # the longer word takes over, at the end unless it stands there already
                place = _place(known, word, count)
                if place < 0:
                    known.append(word)
                    place, shares[count] = count, 0
                    count += 1
                shares[place] += shares[j] + words.shares[i]
                del known[j]
                count -= 1
                for other in range(j, count):
                    shares[other] = shares[other + 1]
                break
        else:
            known.append(word)
            shares[count] = words.shares[i]
            count += 1
    while count and len(said) < SHOWN:
        place = 0
        for j in range(1, count):
            if shares[j] > shares[place]:
                place = j
        said.append((known.pop(place), shares[place]))
        count -= 1
        for other in range(place, count):
            shares[other] = shares[other + 1]
    return tuple(said)


cdef Py_ssize_t _place(list known, str word, Py_ssize_t count):
    cdef Py_ssize_t i
    for i in range(count):
        if known[i] == word:
            return i
    return -1


cdef bint _holds(str longer, str shorter):
    cdef Py_ssize_t size = len(shorter), start, i
    for start in range(len(longer) - size + 1):
        i = 0
        while i < size and longer[start + i] == shorter[i]:
            i += 1
        if i == size:
            return True
    return False
