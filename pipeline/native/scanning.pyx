# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""One pass over the characters of many texts, each of them read once. The twins in numpy stand beside the callers.

``joined`` are texts as ``pipeline.text.scanning.Batch`` joins them: marks at both ends let every look aside stay inside.
Tables have 65,536 places: one for each character up to U+FFFE, and U+FFFF for all beyond.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_FromKindAndData, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport int8_t, int16_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

import numpy as np

cdef enum:
    BEYOND = 0xFFFF
    MIX = 40503
    HALF = 32
    # classes of ``flags`` and ``even``
    TELLS = 1
    BEGINS = 2
    ENDS = 4
    TWICE = 8
    FOUR_TIMES = 16

# kinds of characters of ``name_places``
cdef enum:
    FAMILY = 1
    FOREIGN = 2
    NICK = 4
    COMPOUND = 8
    LETTER = 16
    HAN = 32
    SHORT_TITLE = 64
    LINK = 128
    CODE = 256
    DIGIT = 512
    SEPARATOR = 1024
    MARK = 2048
    OPENING = 4096
    WORDY = 8192
    STRANGE = 16384

cdef enum:
    BLANK = 0x20
    PLUS = 0x2B
    DOT = 0x2E
    LAST_CAPITAL = 0x5A
    BRACKET = 0x5B
    CLOSING = 0x5D
    MIDDLE_DOT = 0xB7
    ELLIPSIS = 0x2026
    LIST_COMMA = 0x3001
    FULL_STOP = 0x3002
    CLAN = 0x6C0F

cdef uint64_t EVERYTHING = 0xFFFFFFFF


cdef inline uint32_t read(int kind, const void* data, Py_ssize_t place) noexcept:
    return <uint32_t>PyUnicode_READ(kind, <void*>data, place)


cdef inline uint32_t clip(uint32_t char) noexcept:
    return char if char < BEYOND else BEYOND


cdef inline Py_ssize_t pair_of(uint32_t first, uint32_t second) noexcept:
    return (<Py_ssize_t>first * MIX + second) & 0xFFFF


cdef inline bint holds(const uint8_t* bits, Py_ssize_t place) noexcept:
    return bits[place >> 3] >> (place & 7) & 1


cdef struct Scan:
    const uint8_t* classes
    const uint8_t* told_pairs
    const uint64_t* characters
    const uint64_t* pairs
    const uint64_t* lasts
    const uint64_t* edges
    const uint64_t* twice
    const uint64_t* four_times


cdef Scan scan_of(tuple tables):
    cdef const uint8_t[::1] classes = tables[0], told_pairs = tables[1]
    cdef const uint64_t[::1] characters = tables[2], pairs = tables[3], lasts = tables[4]
    cdef const uint64_t[::1] edges = tables[5], twice = tables[6], four_times = tables[7]
    return Scan(&classes[0], &told_pairs[0], &characters[0], &pairs[0], &lasts[0], &edges[0], &twice[0], &four_times[0])


cdef uint64_t flags_between(Scan* scan, int kind, const void* data, Py_ssize_t first, Py_ssize_t behind,
                            uint32_t closing) noexcept:
    """Return the flags of the text at ``data[first:behind]``, which ``closing`` follows."""
    cdef uint64_t told = 0, words = 0
    cdef Py_ssize_t place
    cdef uint32_t code, ahead
    cdef int row = 1
    cdef uint8_t known, known_ahead
    if first == behind:
        return 0
    code = clip(read(kind, data, first))
    told |= scan.edges[code] | scan.edges[clip(read(kind, data, behind - 1))]
    known = scan.classes[code]
    for place in range(first + 1, behind + 1):
        ahead = clip(read(kind, data, place)) if place < behind else clip(closing)
        known_ahead = scan.classes[ahead]
        if known & TELLS:
            told |= scan.characters[code]
            if code == BEYOND:
                return EVERYTHING
        if (known & BEGINS or known_ahead & ENDS) and holds(scan.told_pairs, pair_of(code, ahead)):
            words |= scan.pairs[pair_of(code, ahead)] & ((scan.characters[code] >> HALF) | scan.lasts[ahead])
        if code == ahead:
            row += 1
            if known & TWICE:
                told |= scan.twice[code]
            if known & FOUR_TIMES and row > 3:
                told |= scan.four_times[code]
        else:
            row = 1
        code, known = ahead, known_ahead
    return (told | words & (words >> HALF)) & EVERYTHING


def flags(str joined, const Py_ssize_t[::1] starts, const Py_ssize_t[::1] ends, tuple tables):
    """Return the flags of each text; ``tables`` are those of ``scanning.Scanner``."""
    cdef Scan scan = scan_of(tables)
    cdef int kind = PyUnicode_KIND(joined)
    cdef const void* data = PyUnicode_DATA(joined)
    cdef Py_ssize_t text
    told = np.zeros(len(starts), dtype=np.uint64)
    cdef uint64_t[::1] out = told
    for text in range(len(starts)):
        out[text] = flags_between(&scan, kind, data, starts[text], ends[text], read(kind, data, ends[text]))
    return told


cdef struct Row:
    int char
    int mark
    int first
    int count
    int step
    int size
    Py_ssize_t before
    Py_ssize_t[16] held


def rows(str joined, const uint16_t[::1] classes, tuple kinds):
    """Return for each kind of row where it begins: ``count`` characters of the class ``char``, each at most ``step`` on,
    with but characters of the class ``mark`` between; the first of them is of the class ``first`` as well."""
    cdef int kind = PyUnicode_KIND(joined)
    cdef const void* data = PyUnicode_DATA(joined)
    cdef Py_ssize_t place, start
    cdef int number, known, several = len(kinds)
    cdef bint idle = True
    cdef Row[8] row
    for number in range(several):
        row[number].char, row[number].mark, row[number].first, row[number].count, row[number].step = kinds[number]
        row[number].size = row[number].before = 0
    begins = [[] for _ in kinds]
    for place in range(len(joined)):
        known = classes[clip(read(kind, data, place))]
        if known == 0:
            if not idle:
                for number in range(several):
                    row[number].size = 0
                idle = True
            continue
        idle = False
        for number in range(several):
            if known & row[number].char:
                if row[number].size and place - row[number].before <= row[number].step:
                    row[number].size += 1
                else:
                    row[number].size = 1
                row[number].held[row[number].size & 15] = place
                row[number].before = place
                if row[number].size >= row[number].count:
                    start = row[number].held[(row[number].size - row[number].count + 1) & 15]
                    if classes[clip(read(kind, data, start))] & row[number].first == row[number].first:
                        begins[number].append(start)
            elif not known & row[number].mark:
                row[number].size = 0
    return [np.array(found, dtype=np.intp) for found in begins]


cdef Py_ssize_t shortened(Scan* scan, uint32_t* chars, Py_ssize_t size) noexcept:
    """Leave one of marks in a row, of several dots a full stop; return how many characters are left."""
    cdef Py_ssize_t place = 0, left = 0, behind
    cdef uint32_t char
    while place < size:
        char = chars[place]
        behind = place + 1
        if scan.classes[clip(char)] & TWICE:
            while behind < size and chars[behind] == char:
                behind += 1
            if behind > place + 1 and char == DOT:
                char = FULL_STOP
        chars[left] = char
        left += 1
        place = behind
    return left


cdef (Py_ssize_t, Py_ssize_t) trimmed(Scan* scan, uint64_t edge, const uint32_t* chars, Py_ssize_t first,
                                      Py_ssize_t behind) noexcept:
    while first < behind and scan.edges[clip(chars[first])] & edge:
        first += 1
    while first < behind and scan.edges[clip(chars[behind - 1])] & edge:
        behind -= 1
    return first, behind


def even(list texts, const uint32_t[::1] narrow, tuple tables, uint64_t edge, uint64_t marks):
    """Narrow usual marks, make white space one blank, trim; where nothing but marks is left to shorten, shorten them.

    Return the texts and the flags of each. ``narrow``: what a character becomes, 0 = itself, the ellipsis three dots.
    """
    cdef Scan scan = scan_of(tables)
    cdef Py_ssize_t longest = max(map(len, texts), default=0)
    cdef uint32_t* chars = <uint32_t*>PyMem_Malloc((6 * longest + 1) * sizeof(uint32_t))
    cdef uint32_t* copy = chars + 3 * longest
    cdef Py_ssize_t place, size, first, behind, start, left
    cdef uint32_t char, plain
    cdef uint64_t told, settled
    cdef int kind
    cdef const void* data
    cdef bint changed
    cdef str text
    evened, flags = [], []
    if chars == NULL:
        raise MemoryError
    try:
        for text in texts:
            kind, data = PyUnicode_KIND(text), PyUnicode_DATA(text)
            size = 0
            changed = False
            for place in range(len(text)):
                char = read(kind, data, place)
                plain = narrow[clip(char)]
                if plain:
                    changed = True
                    if char == ELLIPSIS:
                        chars[size] = chars[size + 1] = plain
                        size += 2
                    char = plain
                if char == BLANK and size and chars[size - 1] == BLANK:
                    changed = True
                    continue
                chars[size] = char
                size += 1
            first, behind = trimmed(&scan, edge, chars, 0, size)
            changed = changed or first > 0 or behind < size
            told = flags_between(&scan, 4, chars, first, behind, 0)
            if told == marks:
                left = behind - first
                for place in range(left):
                    copy[place] = chars[first + place]
                settled, start = told, 0
                while settled == marks:
                    start, left = trimmed(&scan, edge, copy, start, start + shortened(&scan, copy + start, left - start))
                    settled = flags_between(&scan, 4, copy, start, left, 0)
                if settled == 0:
                    evened.append(PyUnicode_FromKindAndData(4, copy + start, left - start))
                    flags.append(0)
                    continue
            evened.append(PyUnicode_FromKindAndData(4, chars + first, behind - first) if changed else text)
            flags.append(told)
    finally:
        PyMem_Free(chars)
    return evened, flags


cdef struct Names:
    const uint32_t* kinds
    const int8_t* family
    const int8_t* given
    const int8_t* foreign
    const int8_t* most_before
    const int8_t* before_one
    const int8_t* before_two
    const int8_t* label_one
    const int8_t* label_two
    const int8_t* after_one
    const int8_t* after_two
    const uint8_t* titles
    const uint8_t* compound
    const uint8_t* word_pairs
    const uint8_t* latin_titles
    const uint8_t* latin_names
    const int64_t* words
    Py_ssize_t words_size
    # weights
    int threshold
    int titled
    int short_titled
    int nickname
    int label
    int labelled
    int contact
    int field
    int enumerated
    int edge_before
    int edge_after
    int no_word_before
    int most_after
    int latin_before
    int foreign_before
    int loud
    int cue
    int least_titled
    int least_short_titled
    int foreign_threshold


cdef struct Line:
    int kind
    const void* data


cdef inline uint32_t code_at(Line* line, Py_ssize_t place) noexcept:
    return clip(read(line.kind, line.data, place))


cdef bint is_word(Names* names, Line* line, Py_ssize_t place) noexcept:
    """Tell whether a word of two characters that never is a name begins here."""
    cdef int64_t first = code_at(line, place), second = code_at(line, place + 1), wanted
    cdef Py_ssize_t low = 0, high = names.words_size, middle
    if not names.word_pairs[pair_of(first, second)]:
        return False
    wanted = first << 16 | second
    while low < high:
        middle = (low + high) >> 1
        if names.words[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < names.words_size and names.words[low] == wanted


cdef int label_at(Names* names, Line* line, Py_ssize_t end) noexcept:
    cdef uint32_t last = code_at(line, end)
    return max(names.label_one[last], names.label_two[pair_of(code_at(line, end - 1), last)])


cdef int behind_marks(Names* names, Line* line, Py_ssize_t place) noexcept:
    cdef uint32_t last = names.kinds[code_at(line, place - 1)], beside
    cdef bint reaches = last & SEPARATOR, marked = last & MARK, numbered = False
    cdef int labelled = -9, label, back, weight
    cdef uint32_t code
    for back in range(2, 5):
        code = code_at(line, place - back)
        beside = names.kinds[code]
        if reaches:
            label = (names.label if marked else 0) if beside & DIGIT else label_at(names, line, place - back)
            if label > names.contact:
                labelled = max(labelled, label + names.labelled)
        numbered = numbered or beside & DIGIT or code == CLOSING
        marked = marked or beside & MARK
        reaches = reaches and beside & SEPARATOR
    weight = names.no_word_before if last & CODE else names.contact if numbered else names.edge_before
    return max(weight, labelled)


cdef int before(Names* names, Line* line, Py_ssize_t place) noexcept:
    """Return at most what stands before the place weighs."""
    cdef uint32_t last = code_at(line, place - 1)
    cdef int weight = max(names.before_one[last], names.before_two[pair_of(code_at(line, place - 2), last)])
    if not names.kinds[last] & HAN:
        weight = max(weight, behind_marks(names, line, place))
    if names.kinds[last] & LINK and label_at(names, line, place - 2) >= names.label:
        weight = max(weight, names.label)
    return weight


cdef int after(Names* names, Line* line, Py_ssize_t end, bint boundary) noexcept:
    """Return at most what stands after a name that ends there weighs."""
    cdef uint32_t first = code_at(line, end), code
    cdef bint contact
    cdef int step
    if names.kinds[first] & HAN:
        return max(names.after_one[first], names.after_two[pair_of(first, code_at(line, end + 1))])
    contact = names.kinds[first] & OPENING
    for step in range(4):
        code = code_at(line, end + step)
        contact = contact or names.kinds[code] & DIGIT or code == BRACKET or code == PLUS
    return (names.edge_after + (names.field if boundary else 0)
            + (names.contact if contact else names.enumerated if first == LIST_COMMA else 0))


cdef bint foreign_begins(Names* names, Line* line, Py_ssize_t place) noexcept:
    """Tell whether a name written by sound may begin here."""
    cdef int weight = before(names, line, place), size, sound, sounds = 0
    cdef bint boundary = not names.kinds[code_at(line, place - 1)] & HAN
    if weight < names.latin_before:
        if weight < names.foreign_before:
            return False
        if names.foreign[code_at(line, place)] + names.foreign[code_at(line, place + 1)] < names.loud:
            return False
    for size in range(1, 6):
        if code_at(line, place + size) == MIDDLE_DOT:
            return True
    for size in range(1, 9):
        sound = names.foreign[code_at(line, place + size - 1)]
        if sound <= 0:
            return False
        sounds += sound
        # on average 1.8
        if size > 1 and 5 * sounds >= 9 * size:
            if sounds + weight + after(names, line, place + size, boundary) >= names.foreign_threshold:
                return True
    return False


cdef bint reaches(Names* names, Line* line, Py_ssize_t place, int* two, int* three) noexcept:
    """Tell whether a name surely may begin here; else ``two`` and ``three`` are what names of that length have to spare."""
    cdef uint32_t first = code_at(line, place), second = code_at(line, place + 1), third = code_at(line, place + 2)
    cdef bint boundary = not names.kinds[code_at(line, place - 1)] & HAN
    cdef int needed = names.threshold - before(names, line, place)
    cdef bint compound = names.compound[pair_of(first, second)] or second == CLAN and needed <= names.threshold - names.cue
    cdef int family = names.family[first], behind = after(names, line, place + 2, boundary)
    two[0] = three[0] = -1
    if not names.kinds[first] & FAMILY and (needed > names.threshold - names.label or not names.kinds[first] & STRANGE):
        return False
    if names.kinds[first] & WORDY and not compound and needed > names.threshold - names.cue:
        return False
    if compound:
        return True
    if names.titles[pair_of(second, third)] and family >= names.least_titled and family + names.titled >= needed:
        return True
    if names.kinds[second] & SHORT_TITLE and family >= names.least_short_titled and family + names.short_titled + min(behind, names.field) >= needed:
        return True
    if names.kinds[first] & NICK and max(names.family[second], names.given[second]) + behind + names.nickname >= needed:
        return True
    if second == first:
        return False
    if not is_word(names, line, place + 1):
        two[0] = family + names.given[second] + behind - needed
    if names.kinds[third] & HAN and third != first and not is_word(names, line, place + 2):
        three[0] = (family + names.given[second] + names.given[third] + after(names, line, place + 3, boundary)
                    - needed)
    return False


cdef bint worth(Names* names, Line* line, Py_ssize_t place, uint32_t known) noexcept:
    """Tell at little cost whether ``reaches`` is worth asking."""
    cdef uint32_t second = code_at(line, place + 1), third = code_at(line, place + 2)
    if not names.kinds[second] & HAN:
        return False
    return (known & (NICK | COMPOUND) or names.kinds[second] & SHORT_TITLE or names.titles[pair_of(second, third)]
            or names.family[code_at(line, place)] + names.given[second] + max(names.given[third], 0)
            + names.most_before[code_at(line, place - 1)] + names.most_after >= names.threshold)


cdef inline bint is_cued(Names* names, Line* line, Py_ssize_t place) noexcept:
    """Tell whether a label or a word for a person may stand before the place."""
    cdef uint32_t last = code_at(line, place - 1)
    if names.most_before[last] < names.cue:
        return False
    if not names.kinds[last] & HAN:
        return names.kinds[last] & SEPARATOR
    return (names.kinds[last] & LINK or names.before_one[last] >= names.cue
            or names.before_two[pair_of(code_at(line, place - 2), last)] >= names.cue)


cdef bint is_latin(Names* names, Line* line, Py_ssize_t place) noexcept:
    """Tell whether the capital begins a title, a common given name, or a word behind a word for a person."""
    cdef uint32_t second = code_at(line, place + 1)
    cdef Py_ssize_t pair
    if not names.kinds[second] & LETTER:
        return False
    pair = pair_of(code_at(line, place), second)
    if names.latin_titles[pair] or names.latin_names[pair_of(<uint32_t>pair, code_at(line, place + 2))]:
        return True
    return before(names, line, place) >= names.latin_before


cdef Names names_of(tuple tables, tuple weights):
    cdef const uint32_t[::1] kinds = tables[0]
    cdef const int8_t[::1] family = tables[1], given = tables[2], foreign = tables[3], most_before = tables[4]
    cdef const int8_t[::1] before_one = tables[5], before_two = tables[6], label_one = tables[7], label_two = tables[8]
    cdef const int8_t[::1] after_one = tables[9], after_two = tables[10]
    cdef const uint8_t[::1] titles = tables[11], compound = tables[12], word_pairs = tables[13]
    cdef const uint8_t[::1] latin_titles = tables[14], latin_names = tables[15]
    cdef const int64_t[::1] words = tables[16]
    cdef int[20] held
    cdef int place
    for place in range(20):
        held[place] = weights[place]
    return Names(
        &kinds[0], &family[0], &given[0], &foreign[0], &most_before[0], &before_one[0], &before_two[0],
        &label_one[0], &label_two[0], &after_one[0], &after_two[0], &titles[0], &compound[0], &word_pairs[0],
        &latin_titles[0], &latin_names[0], &words[0], len(words),
        held[0], held[1], held[2], held[3], held[4], held[5], held[6], held[7], held[8], held[9], held[10], held[11],
        held[12], held[13], held[14], held[15], held[16], held[17], held[18], held[19],
    )


def name_places(str joined, tuple tables, tuple weights):
    """Return where names may begin.

    These are six arrays: places that are told; places to weigh by words, with what names of two and of three
    characters have to spare; places of names written by sound; places of words of Latin letters behind a word for a person.
    """
    cdef Names names = names_of(tables, weights)
    cdef Line line = Line(PyUnicode_KIND(joined), PyUnicode_DATA(joined))
    cdef Py_ssize_t place
    cdef uint32_t first, second
    cdef uint32_t known, known_before = 0
    cdef int two = 0, three = 0
    cdef bint opens
    told, foreign, capitals = [], [], []
    unsure, twos, threes = [], [], []
    for place in range(8, len(joined) - 16):
        first = code_at(&line, place)
        known = names.kinds[first]
        # behind a label or a word for a person any character may begin a name
        opens = known & FAMILY or known & HAN and is_cued(&names, &line, place)
        if opens and worth(&names, &line, place, known):
            if not is_word(&names, &line, place) and not is_word(&names, &line, place - 1):
                if reaches(&names, &line, place, &two, &three):
                    told.append(place)
                elif two >= 0 or three >= 0:
                    unsure.append(place)
                    twos.append(two)
                    threes.append(three)
        if opens and known & FOREIGN:
            second = code_at(&line, place + 1)
            if names.foreign[second] > 0 and names.foreign[first] + names.foreign[second] > 1:
                if foreign_begins(&names, &line, place):
                    if not is_word(&names, &line, place) and not is_word(&names, &line, place - 1):
                        foreign.append(place)
        elif known & LETTER and first <= LAST_CAPITAL and not known_before & LETTER:
            if is_latin(&names, &line, place):
                capitals.append(place)
        known_before = known
    return tuple(np.array(found, dtype=np.intp) for found in (told, unsure, twos, threes, foreign, capitals))


cdef struct Gate:
    const int16_t* table
    Py_ssize_t mask
    int unlikely
    int hardly
    int given
    int no_family
    int calling
    int two
    int twice
    int64_t mix_first
    int64_t mix_second
    int64_t mix_number


cdef inline int weight_of(Gate* gate, int number, int64_t first, int64_t second) noexcept:
    return gate.table[(first * gate.mix_first + second * gate.mix_second + number * gate.mix_number) & gate.mask]


cdef inline int by_characters(Gate* gate, Names* names, Line* line, Py_ssize_t place, int who) noexcept:
    """Add up what the characters at the place and beside it weigh."""
    cdef int64_t third_left = code_at(line, place - 3), second_left = code_at(line, place - 2)
    cdef int64_t left = code_at(line, place - 1), first = code_at(line, place), second = code_at(line, place + 1)
    cdef int64_t third = code_at(line, place + 2), fourth = code_at(line, place + 3)
    return (weight_of(gate, 0, left, 0) + weight_of(gate, 1, third, 0) + weight_of(gate, 2, fourth, 0)
            + weight_of(gate, 3, second_left, left) + weight_of(gate, 4, third_left, second_left)
            + weight_of(gate, 5, left, first) + weight_of(gate, 6, first, second) + weight_of(gate, 7, second, third)
            + weight_of(gate, 8, third, fourth) + weight_of(gate, 9, second, 0)
            + weight_of(gate, 10, who, names.given[second]))


cdef inline int by_surroundings(Gate* gate, Names* names, Line* line, Py_ssize_t place, int who) noexcept:
    """Add up what the words before and behind the place weigh."""
    cdef bint boundary = not names.kinds[code_at(line, place - 1)] & HAN
    cdef uint32_t second = code_at(line, place + 1)
    cdef int weight = before(names, line, place)
    cdef int title = 2 * (names.titles[pair_of(second, code_at(line, place + 2))] > 0)
    cdef bint listed = is_word(names, line, place) or is_word(names, line, place - 1)
    if names.kinds[second] & SHORT_TITLE:
        title += 1
    return (weight_of(gate, 11, weight, listed) + weight_of(gate, 12, weight, who) + weight_of(gate, 13, title, who)
            + weight_of(gate, 14, title, after(names, line, place + 1, boundary))
            + weight_of(gate, 15, title, after(names, line, place + 2, boundary))
            + weight_of(gate, 16, weight, after(names, line, place + 3, boundary)))


def name_gate(str joined, tuple tables, tuple weights, int start, const int16_t[::1] table, tuple constants):
    """Return the places at which the weights of ``masking.name_gate`` reach enough, and their sums.

    ``start`` is what each sum begins with.
    """
    cdef Names names = names_of(tables, weights)
    cdef Line line = Line(PyUnicode_KIND(joined), PyUnicode_DATA(joined))
    cdef Gate gate = Gate(
        &table[0], len(table) - 1, constants[0], constants[1], constants[2], constants[3], constants[4], constants[5],
        constants[6], constants[7], constants[8], constants[9],
    )
    cdef Py_ssize_t place
    cdef uint32_t first, second
    cdef int who, score
    found, sums = [], []
    for place in range(8, len(joined) - 16):
        first, second = code_at(&line, place), code_at(&line, place + 1)
        if not names.kinds[first] & HAN or not names.kinds[second] & HAN:
            continue
        if first == second:
            who = gate.twice
        elif names.kinds[first] & NICK:
            who = gate.calling
        elif names.kinds[first] & COMPOUND:
            who = gate.two
        else:
            who = names.family[first]
            if who == gate.no_family and (names.given[first] < gate.given or names.given[second] < gate.given):
                continue
        score = start + by_characters(&gate, &names, &line, place, who)
        if score < gate.unlikely:
            continue
        score += by_surroundings(&gate, &names, &line, place, who)
        if score >= gate.hardly:
            found.append(place)
            sums.append(score)
    return np.array(found, dtype=np.intp), np.array(sums, dtype=np.int32)
