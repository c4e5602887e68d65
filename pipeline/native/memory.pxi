"""What loops over foreign memory share: asking for it early, and a look before the leap."""

cdef extern from *:
    """
    #ifdef _MSC_VER
    #define ask_for(place)
    #else
    #define ask_for(place) __builtin_prefetch(place)
    #endif
    """
    void ask_for(const void* place) noexcept nogil


cdef int _check(bint fits) except -1:
    if not fits:
        raise ValueError("lengths, texts and tables do not fit together")
    return 0
