# jieba.finalseg: its hidden Markov model for Han, and how it cuts letters, digits and signs.
# A character Begins, Ends or is in the Middle of a word, or is a word by itSelf.

cdef double START_B = -0.26268660809250016, START_S = -1.4652633398537678
cdef double B_E = -0.510825623765990, B_M = -0.916290731874155
cdef double E_B = -0.5897149736854513, E_S = -0.8085250474669937
cdef double M_E = -0.33344856811948514, M_M = -1.2603623820268226
cdef double S_B = -0.7211965654669841, S_S = -0.6658631448798212
cdef double NEVER = -3.14e100
cdef enum:
    HAN_CODES = LAST_HAN - FIRST_HAN + 1
    STATES = 4
    # one bit a state: set where it is best reached from the later letter of the two it can follow (E or S, B or M)
    B_FROM_S = 1
    E_FROM_M = 2
    M_FROM_M = 4
    S_FROM_S = 8

ctypedef struct States:
    double b
    double e
    double m
    double s


cdef States *_emission_table(emissions) except NULL:
    """Return the weights of all Han characters in the states B, E, M and S."""
    cdef States *table = <States *>_resized(NULL, HAN_CODES * sizeof(States))
    cdef double *cells = <double *>table
    cdef Py_ssize_t place, state
    for place in range(HAN_CODES * STATES):
        cells[place] = NEVER
    try:
        for state, weights in zip(range(STATES), emissions, strict=True):
            for character, weight in weights.items():
                place = ord(character) - FIRST_HAN
                if 0 <= place < HAN_CODES:
                    cells[STATES * place + state] = weight
    except BaseException:
        free(table)
        raise
    return table


cdef void _note_word_ends(const States *emitted, const uint32_t *run, Py_ssize_t length, uint8_t *ends) noexcept nogil:
    """Note of each character of a run of Han whether a word ends with it, by the Viterbi algorithm."""
    cdef States best, first, second, weights = emitted[run[0] - FIRST_HAN]
    cdef Py_ssize_t place
    cdef char state
    best.b, best.e = START_B + weights.b, NEVER + weights.e
    best.m, best.s = NEVER + weights.m, START_S + weights.s
    for place in range(1, length):
        weights = emitted[run[place] - FIRST_HAN]
        first.b, second.b = best.e + E_B + weights.b, best.s + S_B + weights.b
        first.e, second.e = best.b + B_E + weights.e, best.m + M_E + weights.e
        first.m, second.m = best.b + B_M + weights.m, best.m + M_M + weights.m
        first.s, second.s = best.e + E_S + weights.s, best.s + S_S + weights.s
        ends[place] = (
            (B_FROM_S if second.b >= first.b else 0)
            | (E_FROM_M if second.e >= first.e else 0)
            | (M_FROM_M if second.m >= first.m else 0)
            | (S_FROM_S if second.s >= first.s else 0)
        )
        best.b, best.e = max(first.b, second.b), max(first.e, second.e)
        best.m, best.s = max(first.m, second.m), max(first.s, second.s)
    # backwards: the bits tell each state's predecessor and give way to what was asked for
    state = c"S" if best.s >= best.e else c"E"
    for place in range(length - 1, 0, -1):
        if state == c"B":
            state, ends[place] = c"S" if ends[place] & B_FROM_S else c"E", 0
        elif state == c"M":
            state, ends[place] = c"M" if ends[place] & M_FROM_M else c"B", 0
        elif state == c"E":
            state, ends[place] = c"M" if ends[place] & E_FROM_M else c"B", 1
        else:
            state, ends[place] = c"S" if ends[place] & S_FROM_S else c"E", 1
    ends[0] = state == c"S" or state == c"E"


cdef Py_ssize_t _stop_without_han(const uint32_t *run, Py_ssize_t place, Py_ssize_t length) noexcept nogil:
    """Return where a token stops that is ``[a-zA-Z0-9]+(\\.[0-9]+)?%?``, or signs up to the next other character."""
    cdef Py_ssize_t stop = place, fraction
    if _kind(run[place]) == SIGN:
        while stop < length and _kind(run[stop]) == SIGN:
            stop += 1
        return stop
    while stop < length and _kind(run[stop]) == LATIN:
        stop += 1
    if stop < length and run[stop] == c".":
        fraction = stop + 1
        while fraction < length and c"0" <= run[fraction] <= c"9":
            fraction += 1
        if fraction > stop + 1:
            stop = fraction
    if stop < length and run[stop] == c"%":
        stop += 1
    return stop
