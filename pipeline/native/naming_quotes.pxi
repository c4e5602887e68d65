"""The medoid and the quotes (``quoting.py``)."""

cdef enum:
    # similarities are whole numbers of this part of one: sums of them are exact
    PARTS = 1000000000


cdef struct Entry:
    int32_t text
    double value


cdef int32_t _typical(
    Desk* desk,
    const Run* run,
    Py_ssize_t problem,
    const double* telling,
    const double* logarithms,
    double being_typical,
    double same,
    int32_t[:, ::1] quotes,
    double[::1] cohesion,
) except -1 nogil:
    """Write the medoid and further quotes, return their number (``quoting._typical``)."""
    cdef Py_ssize_t count = desk.text_count, one, other
    cdef const double* copies = run.copies + (run.text_ends[problem - 1] if problem else 0)
    cdef double* similarity = <double*> malloc((count * count + 2 * count) * sizeof(double))
    cdef Entry* entries = <Entry*> malloc((desk.size + 1) * sizeof(Entry))
    cdef double* typicality = similarity + count * count
    cdef double total = 0.0, others
    cdef int32_t medoid = 0, chosen
    if not similarity or not entries:
        free(similarity)
        free(entries)
        with gil:
            raise MemoryError
    _similarities(desk, run, telling, logarithms, similarity, entries)
    free(entries)
    for one in range(count):
        total += copies[one]
    others = max(1.0, total - 1)
    for one in range(count):
        typicality[one] = 0.0
        for other in range(count):
            typicality[one] += similarity[one * count + other] * copies[other]
        typicality[one] = (typicality[one] - similarity[one * count + one]) / (others * PARTS)
        if typicality[one] > typicality[medoid]:
            medoid = <int32_t> one
    if similarity[medoid * count + medoid] == 0.0:
        medoid = 0
        for one in range(count):
            if copies[one] > copies[medoid]:
                medoid = <int32_t> one
        typicality[medoid] = (copies[medoid] - 1) / others
    cohesion[problem] = min(typicality[medoid], 1.0) if total > 1 else 1.0
    chosen = _different(similarity, typicality, count, medoid, being_typical, same, quotes[problem])
    free(similarity)
    return chosen


cdef void _similarities(
    Desk* desk, const Run* run, const double* telling, const double* logarithms, double* similarity, Entry* entries
) noexcept nogil:
    """Cosine of every text with every other in parts of one, words added up as they first occur."""
    cdef Py_ssize_t count = desk.text_count, clause, place, one, other, local, begin
    cdef int32_t* ends = desk.previous
    cdef double* norms = similarity + count * count
    cdef double worth, value
    cdef Entry* entry
    memset(similarity, 0, (count * count + count) * sizeof(double))
    begin = 0
    for local in range(desk.word_count):
        ends[local] = <int32_t> begin
        begin += desk.held[local]
        desk.seen[local] = -1
    for clause in range(desk.clause_count):
        for place in range(desk.clauses[clause].at, desk.clauses[clause].at + desk.clauses[clause].length):
            local = desk.own[place]
            if desk.seen[local] != desk.clauses[clause].text:
                desk.seen[local] = desk.clauses[clause].text
                entries[ends[local]] = Entry(desk.clauses[clause].text, 0.0)
                ends[local] += 1
            # words of titles count twice
            entries[ends[local] - 1].value += 2.0 if desk.clauses[clause].title else 1.0
    begin = 0
    for local in range(desk.word_count):
        worth = telling[desk.known[local]]
        for place in range(begin, ends[local]):
            entry = &entries[place]
            entry.value = logarithms[<int32_t> entry.value] * worth
            norms[entry.text] += entry.value * entry.value
        begin = ends[local]
    for one in range(count):
        norms[one] = sqrt(norms[one]) if norms[one] > 0.0 else 1.0
    begin = 0
    for local in range(desk.word_count):
        if telling[desk.known[local]] > 0.0:
            for one in range(begin, ends[local]):
                entries[one].value /= norms[entries[one].text]
            for one in range(begin, ends[local]):
                for other in range(one, ends[local]):
                    similarity[entries[one].text * count + entries[other].text] += (
                        entries[one].value * entries[other].value
                    )
        begin = ends[local]
    for one in range(count):
        for other in range(one, count):
            value = min(max(rint(similarity[one * count + other] * PARTS), 0.0), <double> PARTS)
            similarity[one * count + other] = similarity[other * count + one] = value


cdef int32_t _different(
    const double* similarity,
    const double* typicality,
    Py_ssize_t count,
    int32_t medoid,
    double being_typical,
    double same,
    int32_t[::1] chosen,
) noexcept nogil:
    """Write the medoid and texts that are typical and unlike the chosen ones; return their number (``_different``)."""
    cdef double* nearest = <double*> typicality + count
    cdef double scale = 1e-9, value, best
    cdef Py_ssize_t one
    cdef int32_t found = 1, next_one = medoid
    chosen[0] = medoid
    for one in range(count):
        scale = max(scale, typicality[one])
        nearest[one] = 0.0
    while True:
        for one in range(count):
            nearest[one] = max(nearest[one], similarity[next_one * count + one] / PARTS)
        if found == chosen.shape[0]:
            return found
        next_one = -1
        best = 0.0
        for one in range(count):
            if nearest[one] > same or similarity[one * count + one] == 0.0:
                continue
            value = being_typical * typicality[one] / scale - (1.0 - being_typical) * nearest[one]
            if next_one < 0 or value > best:
                best, next_one = value, <int32_t> one
        if next_one < 0:
            return found
        chosen[found] = next_one
        found += 1
