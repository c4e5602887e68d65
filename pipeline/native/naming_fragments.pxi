"""What words are worth, and stretches that could name a problem (``fragments.py``)."""


cdef void _weigh(Desk* desk, const Run* run, const Rules* rules) noexcept nogil:
    """Weigh the words of a problem (``weigh``)."""
    cdef double best[UNIT_WORDS]
    cdef Py_ssize_t local
    cdef int32_t count = 0, token, place, at, most = rules.unit_words
    cdef double total = 0.0
    for local in range(desk.word_count):
        token = desk.known[local]
        desk.worth[local] = 0.0
        if run.traits[token] & FUNCTION_WORD == FUNCTION_WORD:
            continue
        desk.worth[local] = <double> desk.held[local] / <double> desk.text_count * run.telling[token]
        place = count
        while place and best[place - 1] < desk.worth[local]:
            place -= 1
        if place < most:
            count = min(count + 1, most)
            for at in range(count - 1, place, -1):
                best[at] = best[at - 1]
            best[place] = desk.worth[local]
    for place in range(count):
        total += best[place]
    desk.unit = total / max(1, count)
    if desk.unit == 0.0:
        desk.unit = 1.0


cdef void _forget_told(Desk* desk, const Run* run, Py_ssize_t problem) noexcept nogil:
    """Words that are told already are worth nothing (``Weights.without``)."""
    cdef int64_t place
    for place in range(run.told_ends[problem - 1] if problem else 0, run.told_ends[problem]):
        if desk.local[run.told[place]] >= 0:
            desk.worth[desk.local[run.told[place]]] = 0.0


cdef int32_t _fragments(
    Desk* desk, const Run* run, const Rules* rules, int64_t[:, :, ::1] found, double[:, ::1] scores, Py_ssize_t problem
) except -1 nogil:
    """Write fragments, best first, and return their number (``fragments``)."""
    cdef Cut best[MOST_KEPT]
    cdef int32_t most = <int32_t> found.shape[1], count, place
    count = _best(desk, run, rules, True, best, 0, most)
    if not count or best[0].score < rules.telling_title:
        count = _best(desk, run, rules, False, best, count, most)
    for place in range(count):
        found[problem, place, 0], found[problem, place, 1] = best[place].words - run.tokens, best[place].length
        found[problem, place, 2] = best[place].whole
        scores[problem, place] = best[place].score
    return count


cdef int32_t _best(
    Desk* desk, const Run* run, const Rules* rules, bint title, Cut* best, int32_t count, int32_t most
) except -1 nogil:
    """Put the best stretches of titles or of bodies among the ``count`` that are there (``_Cutter.best``)."""
    cdef Py_ssize_t clause, place, likely = 0, room = 0
    cdef Py_ssize_t wanted = rules.clauses + desk.text_count // rules.texts_a_clause
    cdef Clause* one
    cdef Cut own[MOST_KEPT]
    cdef int32_t owned = 0, at
    for clause in range(desk.clause_count):
        one = &desk.clauses[clause]
        if one.title != title:
            continue
        one.value = 0.0
        for place in range(one.length):
            one.value += desk.worth[desk.own[one.at + place]]
        desk.chosen[likely] = one[0]
        likely += 1
    qsort(desk.chosen, likely, sizeof(Clause), _by_value)
    likely = _distinct(desk.chosen, likely, wanted)
    for clause in range(likely):
        room += <Py_ssize_t> desk.chosen[clause].length * min(desk.chosen[clause].length, MOST_TOKENS)
    _make_room(desk, room)
    _gains(desk, run, rules, rules.uncommon_in_title if title else rules.uncommon_in_body)
    desk.cut_count = 0
    _forget(desk)
    for clause in range(likely):
        one = &desk.chosen[clause]
        if _width(one.words, one.length, run) >= rules.shortest:
            _cut(desk, run, rules, one)
    for place in range(desk.cut_count):
        owned = _among(own, owned, most, &desk.cuts[place])
    for at in range(owned):
        own[at].whole = own[at].whole and _all_common(desk, run, rules, &own[at])
        count = _among(best, count, most, &own[at])
    return count


cdef int _by_value(const void* one, const void* other) noexcept nogil:
    """Order clauses by what their words are worth, then by their words; highest first."""
    cdef const Clause* left = <const Clause*> one
    cdef const Clause* right = <const Clause*> other
    if left.value != right.value:
        return -1 if left.value > right.value else 1
    return -_compare(left.words, left.length, right.words, right.length)


cdef Py_ssize_t _distinct(Clause* clauses, Py_ssize_t count, Py_ssize_t most) noexcept nogil:
    """Move the first distinct clauses to the front, at most so many; return their number."""
    cdef Py_ssize_t kept = 0, clause
    for clause in range(count):
        if kept and not _compare(
            clauses[kept - 1].words, clauses[kept - 1].length, clauses[clause].words, clauses[clause].length
        ):
            continue
        if kept == most:
            break
        clauses[kept] = clauses[clause]
        kept += 1
    return kept


cdef int _make_room(Desk* desk, Py_ssize_t cuts) except -1 nogil:
    """See to it that so many stretches find room."""
    cdef uint64_t slots = desk.slots
    if desk.cut_room < cuts:
        free(desk.cuts)
        desk.cuts = <Cut*> malloc(cuts * sizeof(Cut))
        desk.cut_room = cuts
    while slots < <uint64_t> (2 * cuts):
        slots *= 2
    if slots != desk.slots:
        free(desk.keys)
        free(desk.ages)
        free(desk.values)
        desk.slots = slots
        desk.keys = <uint64_t*> malloc(slots * sizeof(uint64_t))
        desk.ages = <int32_t*> malloc(slots * sizeof(int32_t))
        desk.values = <int32_t*> malloc(slots * sizeof(int32_t))
        if desk.ages:
            memset(desk.ages, 0, slots * sizeof(int32_t))
        desk.age = 0
    if cuts and not (desk.cuts and desk.keys and desk.ages and desk.values):
        with gil:
            raise MemoryError
    return 0


cdef void _gains(Desk* desk, const Run* run, const Rules* rules, double uncommon) noexcept nogil:
    """What each word adds where it has been told before, and where it has not (``_Cutter._gains_of``)."""
    cdef Py_ssize_t local
    cdef int32_t token
    cdef double gain
    for local in range(desk.word_count):
        token = desk.known[local]
        gain = -(rules.per_character * run.widths[token])
        if run.traits[token] & FUNCTION_WORD == FUNCTION_WORD:
            gain -= rules.function_word
        elif not _is_common(desk, run, rules, local):
            gain -= rules.uncommon_number if run.traits[token] & NUMBER else uncommon
        desk.again[local] = gain
        desk.first[local] = gain + desk.worth[local] / desk.unit


cdef bint _is_common(const Desk* desk, const Run* run, const Rules* rules, Py_ssize_t local) noexcept nogil:
    """Whether enough of the texts hold a word; function words are common."""
    cdef uint8_t traits = run.traits[desk.known[local]]
    cdef double least = (rules.common_number if traits & NUMBER else rules.common) * desk.text_count
    if traits & FUNCTION_WORD == FUNCTION_WORD or desk.text_count <= 2:
        return True
    return desk.held[local] >= max(2.0, least)


cdef bint _all_common(const Desk* desk, const Run* run, const Rules* rules, const Cut* cut) noexcept nogil:
    cdef int32_t place
    for place in range(cut.length):
        if not _is_common(desk, run, rules, desk.local[cut.words[place]]):
            return False
    return True


cdef void _cut(Desk* desk, const Run* run, const Rules* rules, const Clause* clause) noexcept nogil:
    """Add every stretch of the clause that may stand alone, with its best score (``_Cutter._cut``)."""
    cdef const uint8_t* torn = run.torn + (clause.words - run.tokens)
    cdef const int32_t* words = clause.words
    cdef const int32_t* own = desk.own + clause.at
    cdef int32_t begin, place, last = clause.length - 1
    cdef double score, length, value
    cdef uint64_t key
    cdef Cut* cut
    for begin in range(clause.length):
        # which words have been told: by the number of this beginning
        desk.seen[own[begin]] = -1
    for begin in range(clause.length):
        if run.traits[words[begin]] & NOT_FIRST or (begin and torn[begin - 1]):
            continue
        score, length, key = _begin_score(run, rules, words, begin), 0.0, 0
        for place in range(begin, clause.length):
            length += run.widths[words[place]]
            if length > rules.longest:
                break
            score += desk.again[own[place]] if desk.seen[own[place]] == begin else desk.first[own[place]]
            desk.seen[own[place]] = begin
            key = (key ^ <uint64_t> words[place]) * MULTIPLIER
            if length < rules.shortest or run.traits[words[place]] & NOT_LAST or (place < last and torn[place]):
                continue
            value = score - rules.too_short * max(0.0, rules.comfortable - length)
            value += _end_score(run, rules, words, place, last)
            cut = _cut_of(desk, words + begin, place + 1 - begin, key)
            cut.score = max(value, cut.score)
            cut.whole |= words[place] == words[last]


cdef Cut* _cut_of(Desk* desk, const int32_t* words, int32_t length, uint64_t key) noexcept nogil:
    """The stretch of these words, a new one if need be."""
    cdef uint64_t slot = key >> 20 & (desk.slots - 1)
    cdef Cut* cut
    while desk.ages[slot] == desk.age:
        cut = &desk.cuts[desk.values[slot]]
        if desk.keys[slot] == key and not _compare(cut.words, cut.length, words, length):
            return cut
        slot = (slot + 1) & (desk.slots - 1)
    desk.ages[slot], desk.keys[slot], desk.values[slot] = desk.age, key, <int32_t> desk.cut_count
    cut = &desk.cuts[desk.cut_count]
    cut[0] = Cut(words, length, False, -1e300)
    desk.cut_count += 1
    return cut


cdef double _begin_score(const Run* run, const Rules* rules, const int32_t* words, int32_t place) noexcept nogil:
    cdef double natural = 0.0
    if place == 0:
        natural = rules.whole_begin
    elif run.traits[words[place - 1]] & NOT_LAST:
        natural = rules.soft_begin
    elif run.spelt[words[place] + 1] - run.spelt[words[place]] == 1:
        natural = rules.lone_begin
    return natural + rules.habit * run.begins[words[place]]


cdef double _end_score(
    const Run* run, const Rules* rules, const int32_t* words, int32_t place, int32_t last
) noexcept nogil:
    cdef double natural = rules.whole_end
    if place < last:
        natural = rules.soft_end if run.traits[words[place + 1]] & NOT_FIRST else rules.hard_end
    return natural + rules.habit * run.ends[words[place]]


cdef int32_t _among(Cut* best, int32_t count, int32_t most, const Cut* one) noexcept nogil:
    """Put a stretch among the best ones, behind its equals, if there is room; return their number."""
    cdef int32_t place = count, at
    while place and (best[place - 1].score < one.score or (best[place - 1].score == one.score and _compare(
            best[place - 1].words, best[place - 1].length, one.words, one.length) > 0)):
        place -= 1
    if place == most:
        return count
    count = min(count + 1, most)
    for at in range(count - 1, place, -1):
        best[at] = best[at - 1]
    best[place] = one[0]
    return count
