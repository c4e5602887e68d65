"""Key phrases (``phrases.py``)."""


cdef struct Rules:
    # of phrases
    double longest_phrase, least_share, of_run, sentence, in_title, edge_habit, fixed_neighbour, bound, base
    int32_t candidates
    # of fragments
    double shortest, longest, per_character, comfortable, too_short, uncommon_in_title, uncommon_in_body
    double uncommon_number, function_word, whole_begin, soft_begin, lone_begin, whole_end, soft_end, hard_end, habit
    double telling_title, common, common_number
    int32_t clauses, texts_a_clause, unit_words


cdef Rules _rules(fragments, phrases) except *:
    cdef Rules rules
    # the base of the power is no constant here: a compiler might take another function for it
    rules.base = 2.0
    rules.longest_phrase, rules.least_share = phrases._LONGEST, phrases._LEAST_SHARE
    rules.of_run, rules.sentence, rules.in_title = phrases._RUN, phrases._SENTENCE, phrases._IN_TITLE
    rules.edge_habit, rules.fixed_neighbour, rules.bound = phrases._EDGE_HABIT, phrases._FIXED_NEIGHBOUR, phrases._BOUND
    rules.candidates = phrases._CANDIDATES
    rules.shortest, rules.longest = fragments._SHORTEST, fragments._LONGEST
    rules.per_character, rules.comfortable = fragments._PER_CHARACTER, fragments._COMFORTABLE
    rules.too_short, rules.function_word = fragments._TOO_SHORT, fragments._FUNCTION_WORD
    rules.uncommon_in_title, rules.uncommon_in_body = fragments._UNCOMMON_IN_TITLE, fragments._UNCOMMON_IN_BODY
    rules.uncommon_number, rules.habit = fragments._UNCOMMON_NUMBER, fragments._EDGE_HABIT
    rules.whole_begin, rules.soft_begin = fragments._WHOLE_BEGIN, fragments._SOFT_BEGIN
    rules.lone_begin, rules.whole_end = fragments._LONE_CHARACTER_BEGIN, fragments._WHOLE_END
    rules.soft_end, rules.hard_end = fragments._SOFT_END, fragments._HARD_END
    rules.telling_title, rules.common = fragments._TELLING_TITLE, fragments._COMMON
    rules.common_number, rules.clauses = fragments._COMMON_NUMBER, fragments._CLAUSES
    rules.texts_a_clause, rules.unit_words = fragments._TEXTS_A_CLAUSE, fragments._UNIT_WORDS
    _check(phrases._MOST_WORDS == MOST_WORDS and phrases._CANDIDATES <= MOST_KEPT)
    _check(fragments._UNIT_WORDS <= UNIT_WORDS and 2 * fragments._LONGEST < MOST_TOKENS)
    return rules


cdef int32_t _phrases(
    Desk* desk, const Run* run, const Rules* rules, int64_t[:, :, ::1] found, Py_ssize_t problem
) noexcept nogil:
    """Write the key phrases, best first, and return their number (``key_phrases``)."""
    cdef Gram best[MOST_KEPT]
    cdef Py_ssize_t gram
    cdef int32_t count = 0, chosen = 0, place, other
    cdef int64_t least = 1
    if desk.text_count > 1:
        least = max(<int64_t> 2, <int64_t> ceil(rules.least_share * desk.text_count))
    _frequent(desk, run, least)
    for gram in range(desk.gram_count):
        if desk.grams[gram].count >= least and _may_stand_alone(&desk.grams[gram], run, rules):
            desk.grams[gram].worth = _worth(&desk.grams[gram], desk, run, rules)
            count = _with_best(best, count, rules.candidates, &desk.grams[gram])
    if count:
        _join(desk, run)
    for place in range(count):
        for other in range(chosen):
            if _within(&best[place], &best[other], run) or _within(&best[other], &best[place], run):
                break
        else:
            if _is_whole(&best[place], desk, run, rules):
                # what is chosen moves to the front
                best[chosen] = best[place]
                found[problem, chosen, 0] = best[place].words - run.tokens
                found[problem, chosen, 1] = best[place].length
                chosen += 1
                if chosen == found.shape[1]:
                    break
    return chosen


cdef void _frequent(Desk* desk, const Run* run, int64_t least) noexcept nogil:
    """Collect runs of up to five words, each with the number of texts that hold it; those below ``least`` are no runs.

    A run is two runs, one word shorter, and both are as frequent as it at least (``phrases._frequent``).
    """
    cdef Py_ssize_t place, clause
    cdef int32_t local, length, number, last, grown
    cdef int32_t* swap
    cdef Clause* one
    cdef Gram* gram
    for local in range(<int32_t> desk.word_count):
        desk.grams[local] = Gram(NULL, 1, desk.held[local], 0, False, 0.0)
    desk.gram_count = desk.word_count
    for clause in range(desk.clause_count):
        one = &desk.clauses[clause]
        for place in range(one.length):
            local = desk.own[one.at + place]
            gram = &desk.grams[local]
            if gram.words == NULL:
                gram.words = one.words + place
            gram.title |= one.title
            desk.previous[one.at + place] = local if gram.count >= least else -1
    for length in range(2, MOST_WORDS + 1):
        _forget(desk)
        last = <int32_t> desk.gram_count
        for clause in range(desk.clause_count):
            one = &desk.clauses[clause]
            for place in range(one.at, one.at + one.length - length + 1):
                desk.current[place] = -1
                if desk.previous[place] < 0 or desk.previous[place + 1] < 0:
                    continue
                number = _number_of(desk, <uint64_t> desk.previous[place] << 32 | <uint64_t> desk.previous[place + 1])
                gram = &desk.grams[number]
                if number == desk.gram_count:
                    gram[0] = Gram(one.words + place - one.at, length, 0, -1, False, 0.0)
                    desk.gram_count += 1
                if gram.text != one.text:
                    gram.text = one.text
                    gram.count += 1
                gram.title |= one.title
                desk.current[place] = number
        grown = 0
        for clause in range(desk.clause_count):
            one = &desk.clauses[clause]
            for place in range(one.at, one.at + one.length - length + 1):
                number = desk.current[place]
                if number >= 0:
                    if desk.grams[number].count < least:
                        desk.current[place] = -1
                    else:
                        grown = 1
        swap = desk.previous
        desk.previous, desk.current = desk.current, swap
        if not grown or desk.gram_count == last:
            break


cdef int32_t _number_of(Desk* desk, uint64_t key) noexcept nogil:
    """The number of a pair of runs; the next free one for a new pair."""
    cdef uint64_t slot = (key * MULTIPLIER) >> 20 & (desk.slots - 1)
    while desk.ages[slot] == desk.age:
        if desk.keys[slot] == key:
            return desk.values[slot]
        slot = (slot + 1) & (desk.slots - 1)
    desk.ages[slot], desk.keys[slot], desk.values[slot] = desk.age, key, <int32_t> desk.gram_count
    return <int32_t> desk.gram_count


cdef double _width(const int32_t* words, int32_t length, const Run* run) noexcept nogil:
    cdef double width = 0.0
    cdef int32_t place
    for place in range(length):
        width += run.widths[words[place]]
    return width


cdef bint _may_stand_alone(const Gram* gram, const Run* run, const Rules* rules) noexcept nogil:
    cdef int32_t first = gram.words[0], last = gram.words[gram.length - 1]
    cdef bint lone
    if run.traits[first] & NOT_FIRST or run.traits[last] & NOT_LAST:
        return False
    lone = run.spelt[last + 1] - run.spelt[last] == 1
    if gram.length == 1:
        return not lone and not run.traits[last] & NUMBER
    if lone and run.ends[last] < 0.0 and not run.traits[last] & NOT_FIRST:
        return False
    return _width(gram.words, gram.length, run) <= rules.longest_phrase


cdef double _worth(const Gram* gram, const Desk* desk, const Run* run, const Rules* rules) noexcept nogil:
    cdef int32_t first = gram.words[0], last = gram.words[gram.length - 1], place
    cdef int64_t times = run.times[first]
    cdef const int32_t* together = run.together + (gram.words - run.tokens)
    cdef double telling, readable, worth, factor = rules.of_run if gram.length > 1 else 1.0
    if gram.length > 1:
        times = together[0]
        for place in range(1, gram.length - 1):
            times = min(times, <int64_t> together[place])
    for place in range(gram.length):
        if run.of_sentences[gram.words[place]]:
            factor = rules.sentence
    telling = log1p(run.mean_words / <double> max(<int64_t> gram.count, times))
    readable = pow(rules.base, rules.edge_habit * (run.begins[first] + run.ends[last]))
    worth = <double> gram.count / <double> desk.text_count * telling * readable * factor
    return worth * rules.in_title if gram.title else worth


cdef int32_t _with_best(Gram* best, int32_t count, int32_t most, const Gram* one) noexcept nogil:
    """Put a run among the best ones, if there is room; return their number."""
    cdef int32_t place = count
    while place and (best[place - 1].worth < one.worth or (best[place - 1].worth == one.worth and _compare(
            best[place - 1].words, best[place - 1].length, one.words, one.length) > 0)):
        place -= 1
    if place == most:
        return count
    count = min(count + 1, most)
    cdef int32_t at
    for at in range(count - 1, place, -1):
        best[at] = best[at - 1]
    best[place] = one[0]
    return count


cdef Py_ssize_t _spell(const Gram* gram, const Run* run, uint32_t* letters, Py_ssize_t most) noexcept nogil:
    """Write the letters of a run and return their number."""
    cdef Py_ssize_t size = 0
    cdef int64_t letter
    cdef int32_t place
    for place in range(gram.length):
        for letter in range(run.spelt[gram.words[place]], run.spelt[gram.words[place] + 1]):
            if size < most:
                letters[size] = run.letters[letter]
                size += 1
    return size


cdef bint _within(const Gram* one, const Gram* other, const Run* run) noexcept nogil:
    """Whether the letters of one run stand within those of another."""
    cdef uint32_t inner[MOST_LETTERS]
    cdef uint32_t outer[MOST_LETTERS]
    cdef Py_ssize_t size = _spell(one, run, inner, MOST_LETTERS), room = _spell(other, run, outer, MOST_LETTERS), start
    for start in range(room - size + 1):
        if not memcmp(inner, outer + start, size * sizeof(uint32_t)):
            return True
    return False


cdef void _join(Desk* desk, const Run* run) noexcept nogil:
    """Write the letters of all clauses, each between line ends (``_Surroundings``)."""
    cdef Py_ssize_t clause, place, size = 1
    cdef int64_t letter
    cdef const Clause* one
    desk.letters[0] = c"\n"
    for clause in range(desk.clause_count):
        one = &desk.clauses[clause]
        for place in range(one.length):
            for letter in range(run.spelt[one.words[place]], run.spelt[one.words[place] + 1]):
                desk.letters[size] = run.letters[letter]
                size += 1
        desk.letters[size] = c"\n"
        size += 1
    desk.letter_count = size


cdef bint _is_whole(const Gram* gram, Desk* desk, const Run* run, const Rules* rules) noexcept nogil:
    """Whether what stands before and after a phrase varies (``_Surroundings.vary``)."""
    cdef uint32_t phrase[MOST_LETTERS]
    cdef Py_ssize_t size = _spell(gram, run, phrase, MOST_LETTERS), place, found = 0
    cdef Py_UCS4 ahead, behind
    for place in range(desk.letter_count - size):
        if desk.letters[place] == phrase[0] and not memcmp(&desk.letters[place], phrase, size * sizeof(uint32_t)):
            desk.before[found], desk.after[found] = desk.letters[place - 1], desk.letters[place + size]
            found += 1
    ahead = _usual(desk.before, found, rules)
    if ahead and not _has(run.no_opening, run.no_openings, ahead):
        if _together(desk, ahead, phrase[0]) >= rules.bound:
            return False
    behind = _usual(desk.after, found, rules)
    if behind and not _has(run.no_closing, run.no_closings, behind):
        return _together(desk, phrase[size - 1], behind) < rules.bound
    return True


cdef Py_UCS4 _usual(const Py_UCS4* beside, Py_ssize_t count, const Rules* rules) noexcept nogil:
    """The neighbour that stands beside most occurrences, 0 if none does; by voting, for it must have a majority."""
    cdef Py_UCS4 usual = 0
    cdef Py_ssize_t votes = 0, place
    for place in range(count):
        if not votes:
            usual = beside[place]
        votes += 1 if beside[place] == usual else -1
    votes = 0
    for place in range(count):
        votes += beside[place] == usual
    return usual if Py_UNICODE_ISALNUM(usual) and votes >= max(2.0, rules.fixed_neighbour * count) else 0


cdef bint _has(const uint32_t* characters, Py_ssize_t count, Py_UCS4 one) noexcept nogil:
    cdef Py_ssize_t place
    for place in range(count):
        if characters[place] == one:
            return True
    return False


cdef double _together(const Desk* desk, Py_UCS4 left, Py_UCS4 right) noexcept nogil:
    """Cosine of the occurrences of two characters as neighbours; those of a pair do not overlap."""
    cdef Py_ssize_t place
    cdef int64_t lefts = 0, rights = 0, pairs = 0
    cdef bint free_again = True
    for place in range(desk.letter_count):
        lefts += desk.letters[place] == left
        rights += desk.letters[place] == right
        if not free_again:
            free_again = True
        elif desk.letters[place] == left and place + 1 < desk.letter_count and desk.letters[place + 1] == right:
            pairs += 1
            free_again = False
    return <double> pairs / sqrt(<double> (lefts * rights))
