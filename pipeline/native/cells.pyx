# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Cells of a result table, and its rows as lines of CSV; every sign is what Python itself would write.

The twins are ``CsvWriter.write`` and the functions of ``output.answer_cells``.
"""

from cpython.mem cimport PyMem_Free
from libc.math cimport fabs
from libc.stdlib cimport free, malloc, realloc

cdef extern from "Python.h":
    enum:
        PyUnicode_4BYTE_KIND
        Py_DTSF_ADD_DOT_0
    object PyUnicode_FromKindAndData(int kind, const void* buffer, Py_ssize_t size)
    char* PyOS_double_to_string(double value, char format_code, int precision, int flags, int* kind) except NULL

cdef enum:
    # characters after which lines are handed out
    ENOUGH = 1 << 20


cdef class _Text:
    """A growing text; ``grow`` before ``put``."""

    cdef Py_UCS4* signs
    cdef Py_ssize_t size, room

    def __cinit__(self):
        self.room = 1 << 16
        self.signs = <Py_UCS4*> malloc(self.room * sizeof(Py_UCS4))
        if self.signs is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.signs)

    cdef int grow(self, Py_ssize_t more) except -1:
        cdef Py_UCS4* larger
        if self.size + more > self.room:
            larger = <Py_UCS4*> realloc(self.signs, 2 * (self.size + more) * sizeof(Py_UCS4))
            if larger is NULL:
                raise MemoryError
            self.signs, self.room = larger, 2 * (self.size + more)
        return 0

    cdef inline void put(self, Py_UCS4 sign) noexcept:
        self.signs[self.size] = sign
        self.size += 1


def csv_lines(rows, guarded):
    """Return the next rows of an iterator as lines, some million characters at most; ``""`` when there are none.

    ``guarded``: what turns a cell that may be a formula into one that is none.
    """
    cdef _Text text = _Text()
    cdef Py_ssize_t cells, start
    for row in rows:
        cells, start = 0, text.size
        for cell in row:
            text.grow(1)
            if cells:
                text.put(u",")
            cells += 1
            _put_cell(text, cell, guarded)
        text.grow(4)
        if cells == 1 and text.size == start:
            # an empty line would be no row
            text.put(u'"')
            text.put(u'"')
        text.put(u"\r")
        text.put(u"\n")
        if text.size > ENOUGH:
            break
    return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text.signs, text.size)


cdef int _put_cell(_Text text, cell, guarded) except -1:
    if type(cell) is str:
        if len(<str> cell) and (<str> cell)[0] in u"=+-@\t\r":
            cell = guarded(cell)
        return _put_text(text, <str> cell)
    if cell is None:
        return 0
    if type(cell) is float:
        return _put_number(text, cell)
    # the text of a subclass itself, and not what it makes of itself as a string
    return _put_text(text, str.__str__(cell) if isinstance(cell, str) else str(cell))


cdef int _put_text(_Text text, str cell) except -1:
    cdef Py_ssize_t i, start, size = len(cell), quotes = 0
    cdef bint special = False
    cdef Py_UCS4 sign
    text.grow(2 * size + 2)
    start = text.size
    for i in range(size):
        sign = cell[i]
        special |= sign == u"," or sign == u"\r" or sign == u"\n"
        quotes += sign == u'"'
        text.signs[start + i] = sign
    if not special and not quotes:
        text.size += size
        return 0
    text.put(u'"')
    for i in range(size):
        sign = cell[i]
        text.put(sign)
        if sign == u'"':
            text.put(sign)
    text.put(u'"')
    return 0


cdef int _put_number(_Text text, double value) except -1:
    """Write the shortest digits that mean this very number, as Python does."""
    cdef int parts = <int> (value * 10000 + 0.5) if 0 <= value < 1 else 0
    cdef int unit = 1000
    cdef Py_ssize_t i = 0
    if parts > 0 and parts / 10000.0 == value:
        # up to four digits after the point: most are of that kind
        text.grow(6)
        text.put(u"0")
        text.put(u".")
        while parts:
            text.put(<Py_UCS4> (48 + parts // unit))
            parts %= unit
            unit //= 10
        return 0
    return _put_digits(text, PyOS_double_to_string(value, b"r", 0, Py_DTSF_ADD_DOT_0, NULL))


cdef int _put_digits(_Text text, char* digits) except -1:
    cdef Py_ssize_t i = 0
    try:
        while digits[i]:
            text.grow(1)
            text.put(digits[i])
            i += 1
    finally:
        PyMem_Free(digits)
    return 0


def rounded(values):
    """Return numbers to four digits after the point; ``None`` stays."""
    return [None if value is None else _rounded(value) for value in values]


cdef _rounded(double value):
    cdef double parts = value * 10000
    cdef double whole = <double> <long long> (parts + 0.5) if 0 <= parts < 1e9 else -1
    # near the middle between two, the product's own rounding might decide
    if whole <= 0 or fabs(parts - whole) > 0.499:
        return round(value, 4)
    return whole / 10000.0


def reason_cells(reasons):
    """Return reasons, each (word, share) pairs, as text: ``word(0.25) word(0.12)``."""
    cdef _Text text = _Text()
    cdef list found = []
    for words in reasons:
        text.size = 0
        for word, share in words:
            if text.size:
                text.grow(1)
                text.put(u" ")
            _put_word(text, word, share)
        found.append(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, text.signs, text.size))
    return found


cdef int _put_word(_Text text, str word, double share) except -1:
    cdef double parts = share * 100
    cdef int whole = <int> (parts + 0.5) if 0 <= parts < 999 else -1
    cdef Py_ssize_t i
    text.grow(len(word) + 6)
    for i in range(len(word)):
        text.put(word[i])
    text.put(u"(")
    if whole <= 0 or fabs(parts - whole) > 0.499:
        _put_digits(text, PyOS_double_to_string(share, b"f", 2, 0, NULL))
    else:
        text.put(<Py_UCS4> (48 + whole // 100))
        text.put(u".")
        text.put(<Py_UCS4> (48 + whole // 10 % 10))
        text.put(<Py_UCS4> (48 + whole % 10))
    text.grow(1)
    text.put(u")")
    return 0
