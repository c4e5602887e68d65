"""Reading a problem, and what is known of every place of the run before any problem is read."""


cdef Py_ssize_t _lay_out(Desk* desk, const Run* run, Py_ssize_t begin, Py_ssize_t end) except -1:
    """Make room for the largest of the problems."""
    cdef Py_ssize_t most = 1, texts = 1, problem, at, places, first, letters = 0, most_letters = 1
    cdef int64_t place
    cdef int32_t content
    memset(desk, 0, sizeof(Desk))
    for problem in range(begin, end):
        first = run.text_ends[problem - 1] if problem else 0
        places = letters = 1
        for at in range(first, run.text_ends[problem]):
            content = run.texts[at]
            places += run.stops[content] - run.starts[content] + 1
            for place in range(run.starts[content], run.stops[content] + 1):
                letters += run.spelt[run.tokens[place] + 1] - run.spelt[run.tokens[place]] + 1
        most, most_letters = max(most, places), max(most_letters, letters)
    desk.places_room = most
    desk.local = <int32_t*> malloc(run.vocabulary * sizeof(int32_t))
    desk.known = <int32_t*> malloc(most * sizeof(int32_t))
    desk.held = <int32_t*> malloc(most * sizeof(int32_t))
    desk.seen = <int32_t*> malloc(most * sizeof(int32_t))
    desk.worth = <double*> malloc(most * sizeof(double))
    desk.again = <double*> malloc(most * sizeof(double))
    desk.first = <double*> malloc(most * sizeof(double))
    desk.own = <int32_t*> malloc(most * sizeof(int32_t))
    desk.previous = <int32_t*> malloc(most * sizeof(int32_t))
    desk.current = <int32_t*> malloc(most * sizeof(int32_t))
    desk.grams = <Gram*> malloc(MOST_WORDS * most * sizeof(Gram))
    desk.letters = <uint32_t*> malloc(most_letters * sizeof(uint32_t))
    desk.before = <Py_UCS4*> malloc(most_letters * sizeof(Py_UCS4))
    desk.after = <Py_UCS4*> malloc(most_letters * sizeof(Py_UCS4))
    desk.clauses = <Clause*> malloc(most * sizeof(Clause))
    desk.chosen = <Clause*> malloc(most * sizeof(Clause))
    desk.slots = 1024
    while desk.slots < <uint64_t> (2 * most):
        desk.slots *= 2
    desk.keys = <uint64_t*> malloc(desk.slots * sizeof(uint64_t))
    desk.ages = <int32_t*> malloc(desk.slots * sizeof(int32_t))
    desk.values = <int32_t*> malloc(desk.slots * sizeof(int32_t))
    if not (desk.local and desk.known and desk.held and desk.seen and desk.worth and desk.again and desk.first
            and desk.own and desk.previous and desk.current and desk.grams and desk.letters and desk.before
            and desk.after and desk.clauses and desk.chosen and desk.keys and desk.ages and desk.values):
        _put_away(desk)
        raise MemoryError
    memset(desk.local, 255, run.vocabulary * sizeof(int32_t))
    memset(desk.ages, 0, desk.slots * sizeof(int32_t))
    return 0


cdef void _put_away(Desk* desk) noexcept:
    free(desk.local)
    free(desk.known)
    free(desk.held)
    free(desk.seen)
    free(desk.worth)
    free(desk.again)
    free(desk.first)
    free(desk.own)
    free(desk.previous)
    free(desk.current)
    free(desk.grams)
    free(desk.letters)
    free(desk.before)
    free(desk.after)
    free(desk.clauses)
    free(desk.chosen)
    free(desk.keys)
    free(desk.ages)
    free(desk.values)
    free(desk.cuts)
    memset(desk, 0, sizeof(Desk))


cdef void _read(Desk* desk, const Run* run, Py_ssize_t problem) noexcept nogil:
    """Number the words of a problem, count the texts that hold each, and find the clauses."""
    cdef Py_ssize_t first = run.text_ends[problem - 1] if problem else 0
    cdef int64_t place
    cdef int32_t text, token, local, content
    cdef Clause* clause = NULL
    desk.text_count = run.text_ends[problem] - first
    desk.clause_count = desk.size = desk.word_count = 0
    for text in range(<int32_t> desk.text_count):
        content = run.texts[first + text]
        for place in range(run.starts[content], run.stops[content] + 1):
            token = run.tokens[place]
            if not token:
                clause = NULL
                continue
            if clause == NULL:
                clause = &desk.clauses[desk.clause_count]
                clause[0] = Clause(&run.tokens[place], 0, text, <int32_t> desk.size, place < run.bodies[content], 0.0)
                desk.clause_count += 1
            local = desk.local[token]
            if local < 0:
                local = desk.local[token] = <int32_t> desk.word_count
                desk.known[local] = token
                desk.held[local] = 0
                desk.seen[local] = -1
                desk.word_count += 1
            if desk.seen[local] != text:
                desk.seen[local] = text
                desk.held[local] += 1
            desk.own[desk.size] = local
            desk.size += 1
            clause.length += 1


cdef void _clear(Desk* desk) noexcept nogil:
    cdef Py_ssize_t local
    for local in range(desk.word_count):
        desk.local[desk.known[local]] = -1


cdef void _forget(Desk* desk) noexcept nogil:
    """Empty the hash table."""
    desk.age += 1


cdef int _compare(const int32_t* one, int32_t one_length, const int32_t* other, int32_t other_length) noexcept nogil:
    """Order tokens as Python orders tuples."""
    cdef int32_t place
    for place in range(min(one_length, other_length)):
        if one[place] != other[place]:
            return -1 if one[place] < other[place] else 1
    return (one_length > other_length) - (one_length < other_length)


def neighbours(const int32_t[::1] tokens, Py_ssize_t size, int32_t[::1] together):
    """Write how often each token and the one behind it stand together in the run (``Usage.pair``)."""
    cdef Py_ssize_t count = tokens.shape[0], place, token, at
    cdef int32_t* order = <int32_t*> malloc((count + 1) * sizeof(int32_t))
    cdef int32_t* ends = <int32_t*> malloc((size + 1) * sizeof(int32_t))
    cdef int32_t* times = <int32_t*> malloc((size + 1) * sizeof(int32_t))
    _check(together.shape[0] == count)
    try:
        if not (order and ends and times):
            raise MemoryError
        with nogil:
            memset(ends, 0, (size + 1) * sizeof(int32_t))
            memset(times, 0, (size + 1) * sizeof(int32_t))
            # the places of each token, side by side
            for place in range(count):
                ends[tokens[place] + 1] += 1
            for token in range(size):
                ends[token + 1] += ends[token]
            for place in range(count):
                order[ends[tokens[place]]] = <int32_t> place
                ends[tokens[place]] += 1
            for token in range(size):
                at = ends[token - 1] if token else 0
                for place in range(at, ends[token]):
                    if order[place] + 1 < count:
                        times[tokens[order[place] + 1]] += 1
                for place in range(at, ends[token]):
                    together[order[place]] = times[tokens[order[place] + 1]] if order[place] + 1 < count else 0
                for place in range(at, ends[token]):
                    if order[place] + 1 < count:
                        times[tokens[order[place] + 1]] = 0
    finally:
        free(order)
        free(ends)
        free(times)


def tear(
    const int32_t[::1] tokens,
    const int32_t[::1] together,
    const int64_t[::1] times,
    const uint8_t[::1] traits,
    const uint8_t[::1] turning,
    const uint32_t[::1] letters,
    const int64_t[::1] spelt,
    int32_t binding,
    double glued,
    uint8_t[::1] torn,
):
    """Write for each place whether a cut behind it would tear something apart (``_Cutter._torn``).

    ``turning`` says which tokens turn round what follows, ``binding`` is the number of the word that binds, -1 if no
    text has it; ``glued`` is the square of the cosine from which on neighbours belong together.
    """
    cdef Py_ssize_t place
    cdef int32_t left, right
    cdef int64_t often
    with nogil:
        for place in range(tokens.shape[0] - 1):
            left, right = tokens[place], tokens[place + 1]
            torn[place] = 0
            if not left or not right:
                continue
            if left == binding or right == binding or turning[left]:
                torn[place] = 1
            elif spelt[right + 1] - spelt[right] == 1 and Py_UNICODE_ISDECIMAL(letters[spelt[left + 1] - 1]):
                torn[place] = 1
            elif traits[left] & FUNCTION_WORD != FUNCTION_WORD and traits[right] & FUNCTION_WORD != FUNCTION_WORD:
                often = together[place]
                torn[place] = <double> (often * often) >= glued * times[left] * times[right]


def search(
    Py_ssize_t place,
    list words,
    const int64_t[::1] begins,
    const int64_t[::1] ends,
    const int64_t[::1] places,
    const double[::1] values,
    const int64_t[::1] causes,
    double[::1] scores,
):
    """Return the score of the problem at a place and of its best rival (``Search._search``); ``scores`` are all 0."""
    cdef Py_ssize_t word, at
    cdef double own, best = 0.0
    # scores only grow, so that the highest one on the way is the highest one at the end
    for word in words:
        for at in range(begins[word], ends[word]):
            scores[places[at]] += values[at]
            if scores[places[at]] > best and causes[places[at]] != causes[place]:
                best = scores[places[at]]
    own = scores[place]
    for word in words:
        for at in range(begins[word], ends[word]):
            scores[places[at]] = 0.0
    return own, best
