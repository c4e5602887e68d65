# What stands in the lines of jieba's word list.


cdef inline int _decode(const uint8_t *at, Py_ssize_t left, uint32_t *character) noexcept nogil:
    """Read a character of UTF-8; return of how many bytes it is, 0 if it is broken."""
    cdef int width = 1 if at[0] < 0x80 else 0 if at[0] < 0xC0 else 2 if at[0] < 0xE0 else 3 if at[0] < 0xF0 else 4
    cdef int place
    if width == 0 or width > left or at[0] > 0xF7:
        return 0
    character[0] = at[0] if width == 1 else at[0] & (0x7F >> width)
    for place in range(1, width):
        if at[place] & 0xC0 != 0x80:
            return 0
        character[0] = character[0] << 6 | at[place] & 0x3F
    return width if character[0] < CODE_POINTS else 0


cdef uint64_t _tag(const uint8_t *at, Py_ssize_t left) noexcept nogil:
    """Return what the tag says with which a line of the word list ends."""
    if left < 3 or at[0] != c" " or at[1] != c"n":
        return 0
    if at[2] == c"r":
        return PERSON
    return PLACE if (at[2] == c"s" or at[2] == c"t") and (left == 3 or at[3] < c" ") else 0
