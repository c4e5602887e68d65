# jieba.Tokenizer.FREQ, .total and all that it does with them.

cdef enum:
    HIGHEST_FREQUENCY = 2147483647
    # of jieba's word list; only a guess at the room that is needed
    BYTES_A_NODE = 10
    LONGEST_SHIPPED = 64
    WORDS_AT_ONCE = 64
    # how many characters before its turn a node is asked for: most of the time goes by waiting for memory
    AHEAD = 8


cdef class Dictionary:
    """Words with their frequencies, and the total, counted as ``jieba.Tokenizer`` counts them.

    ``word_list``: a line ``word frequency tag`` for each word, in UTF-8. Raises ``ValueError`` for any other line.
    """

    cdef Node *nodes
    cdef int slots_log
    cdef size_t used
    cdef Py_ssize_t longest
    # the weights of single characters once more, found without a search
    cdef double[LAST_HAN + 1] singles
    cdef readonly int64_t total

    def __cinit__(self, bytes word_list not None=b""):
        cdef Py_ssize_t code
        self.slots_log = LEAST_SLOTS_LOG
        while (<Py_ssize_t>1 << self.slots_log) < len(word_list) // BYTES_A_NODE * 2:
            self.slots_log += 1
        self.nodes = _empty_nodes(self.slots_log)
        for code in range(LAST_HAN + 1):
            self.singles[code] = NO_WORD
        self._read_words(word_list, len(word_list))

    def __dealloc__(self):
        free(self.nodes)

    def add_word(self, word, int64_t frequency):
        """Do as ``Tokenizer.add_word``: set a frequency (0: no word); the total grows by it, whatever it was before."""
        cdef Word added
        added.length, added.frequency, added.tag = _length(word), frequency, 0
        if not added.length or not 0 <= frequency <= HIGHEST_FREQUENCY:
            raise ValueError(f"{word!r} with a frequency of {frequency} is no word")
        added.codes = <uint32_t *>_resized(NULL, added.length * sizeof(uint32_t))
        try:
            _read(PyUnicode_KIND(word), PyUnicode_DATA(word), 0, added.length, added.codes)
            self._add(&added, 1)
        finally:
            free(added.codes)

    def frequency(self, word, int64_t absent):
        """Return the frequency of a word, 0 for what only begins words, ``absent`` for all else."""
        cdef Node node = self._node_of(word)
        if not node.key:
            return absent
        # below 2**31 the exponential of an integer's logarithm is nearest to that integer
        return 0 if node.weight < 0.0 else llround(exp(node.weight))

    def cut(self, text):
        """Return the tokens of ``Tokenizer.cut`` without the hidden Markov model."""
        cdef Py_ssize_t length = _length(text), start, place = 0
        cdef Scratch scratch = _scratch(length)
        cdef list tokens = []
        try:
            _read(PyUnicode_KIND(text), PyUnicode_DATA(text), 0, length, scratch.codes)
            self.find_route(scratch, length)
            while place < length:
                start = place
                # letters and digits by themselves are one token
                while (
                    place < length
                    and scratch.route[place].stop == place + 1
                    and _kind(scratch.codes[place]) == LATIN
                ):
                    place += 1
                if place == start:
                    place = scratch.route[place].stop
                tokens.append(PyUnicode_Substring(text, start, place))
        finally:
            _free(scratch)
        return tokens

    def is_person(self, text):
        """Tell whether jieba tags the first token of a text as a name of people: ``nr`` and what begins so."""
        return self._tag_of(text) == PERSON

    def is_place(self, text):
        """Tell whether jieba tags the first token of a text as a name of a place or a firm: ``ns``, ``nt``."""
        return self._tag_of(text) == PLACE

    def copy(self):
        """Return the same words and frequencies, to which others can be added."""
        cdef Dictionary other = Dictionary()
        cdef Node *nodes = _empty_nodes(self.slots_log)
        memcpy(nodes, self.nodes, (<size_t>1 << self.slots_log) * sizeof(Node))
        free(other.nodes)
        other.nodes, other.slots_log = nodes, self.slots_log
        other.used, other.longest, other.total = self.used, self.longest, self.total
        memcpy(other.singles, self.singles, sizeof(self.singles))
        return other

    cdef void find_route(self, Scratch scratch, Py_ssize_t length) noexcept nogil:
        """Find the best way from every place of a text through the words of the dictionary, as ``Tokenizer.calc``."""
        cdef const uint32_t *codes = scratch.codes
        cdef Step *route = scratch.route
        cdef const Node *nodes = self.nodes
        cdef int slots_log = self.slots_log
        cdef double log_total = log(<double>self.total) if self.total else 0.0
        cdef Py_ssize_t end = length, place, stop, best_stop
        cdef double weight, best
        cdef uint32_t parent
        cdef uint64_t follows
        cdef size_t slot
        route[length].weight = 0.0
        for place in range(length - 1, -1, -1):
            if place >= AHEAD:
                prefetch(&nodes[_first_slot(_key(codes[place - AHEAD], codes[place - AHEAD + 1]), slots_log)])
            if not _kind(codes[place]):
                # a token by itself, before which a stretch ends
                end = place
                route[place].weight, route[place].stop = 0.0, place + _width(codes, place, length)
                continue
            parent = codes[place]
            weight = self.singles[parent]
            stop = place + 1
            # where no word begins, a single character is taken with the logarithm of 1
            best, best_stop = max(weight, 0.0) - log_total + route[stop].weight, stop if weight >= 0.0 else place
            follows = ALL_FOLLOW
            while stop < end and follows & _follow_bit(codes[stop]):
                slot = _slot(nodes, slots_log, _key(parent, codes[stop]))
                follows = nodes[slot].key
                if not follows:
                    break
                stop += 1
                weight = nodes[slot].weight
                if weight >= 0.0:
                    weight = weight - log_total + route[stop].weight
                    if weight >= best or best_stop == place:
                        best, best_stop = weight, stop
                parent = <uint32_t>slot + CODE_POINTS
            route[place].weight, route[place].stop = best, max(best_stop, place + 1)

    cdef uint64_t _tag_of(self, text) except? 1:
        return self._node_of(self.cut(text)[0]).key & (PERSON | PLACE) if text else 0

    cdef Node _node_of(self, word) except *:
        cdef Py_ssize_t length = _length(word)
        cdef uint32_t *codes = <uint32_t *>_resized(NULL, length * sizeof(uint32_t))
        cdef Node node
        _read(PyUnicode_KIND(word), PyUnicode_DATA(word), 0, length, codes)
        node = self._found(codes, length)
        free(codes)
        return node

    cdef bint has_word(self, const uint32_t *codes, Py_ssize_t length) noexcept nogil:
        cdef Node node = self._found(codes, length)
        return node.key != 0 and node.weight >= 0.0

    cdef Node _found(self, const uint32_t *codes, Py_ssize_t length) noexcept nogil:
        """Return the node of the beginning of a word; its key is 0 if there is none."""
        cdef uint32_t parent = codes[0] if length > 1 else ROOT
        cdef size_t slot
        cdef Py_ssize_t place
        cdef Node node
        node.key, node.weight = 0, NO_WORD
        for place in range(1 if length > 1 else 0, length):
            slot = _slot(self.nodes, self.slots_log, _key(parent, codes[place]))
            node = self.nodes[slot]
            if not node.key:
                break
            parent = <uint32_t>slot + CODE_POINTS
        return node

    cdef int _add(self, Word *words, Py_ssize_t number) except -1:
        """Set the frequencies of words and make the nodes that are missing on the way to them.

        All words grow by one character in turn: while one does, the memory that the others need is on its way.
        """
        cdef Py_ssize_t place, which, characters = 0, longest = 0
        for which in range(number):
            characters += words[which].length
            longest = max(longest, words[which].length)
        self.longest = max(self.longest, longest)
        # a quarter of the slots stays free: they end every search
        while self.used + characters > (<size_t>3 << self.slots_log) // 4:
            self._grow()
        for place in range(longest):
            for which in range(number):
                if place < words[which].length:
                    self._lengthen(&words[which], place)
        return 0

    cdef inline void _lengthen(self, Word *word, Py_ssize_t place) noexcept:
        """Let a word's node be that of its beginning up to ``place``."""
        cdef uint64_t key = _key(_parent(word, place), word.codes[place])
        cdef Node *node
        cdef size_t slot = _slot(self.nodes, self.slots_log, key)
        node = &self.nodes[slot]
        if not node.key:
            node.key, node.weight = key, NO_WORD
            self.used += 1
            if place > 1:
                self.nodes[word.slot].key |= _follow_bit(word.codes[place])
        word.slot = slot
        if place + 1 < word.length:
            key = _key(_parent(word, place + 1), word.codes[place + 1])
            prefetch(&self.nodes[_first_slot(key, self.slots_log)])
            return
        node.key = node.key & ~(PERSON | PLACE) | word.tag
        node.weight = log(<double>word.frequency) if word.frequency else NO_WORD
        if place == 0 and word.codes[0] <= LAST_HAN:
            self.singles[word.codes[0]] = node.weight
        self.total += word.frequency

    cdef int _grow(self) except -1:
        """Double the slots. Parents move before their children, whose keys tell where the parent is."""
        cdef Node *before = self.nodes
        cdef Node *after = _empty_nodes(self.slots_log + 1)
        cdef size_t *chain = <size_t *>malloc((self.longest + 1) * sizeof(size_t))
        cdef size_t start, slot, moved
        cdef Py_ssize_t depth
        cdef uint32_t parent
        if not chain:
            free(after)
            raise MemoryError
        for start in range(<size_t>1 << self.slots_log):
            slot, depth = start, 0
            while before[slot].key and before[slot].key >> 32 != MOVED:
                chain[depth] = slot
                depth += 1
                parent = before[slot].key >> 32
                if not _has_slot(parent):
                    break
                slot = parent - CODE_POINTS
            while depth:
                depth -= 1
                slot = chain[depth]
                parent = before[slot].key >> 32
                if _has_slot(parent):
                    parent = <uint32_t>before[parent - CODE_POINTS].key + CODE_POINTS
                moved = _slot(after, self.slots_log + 1, _key(parent, before[slot].key & CHARACTER))
                after[moved].key = _key(parent, before[slot].key & CHARACTER) | (before[slot].key & NOTES)
                after[moved].weight = before[slot].weight
                before[slot].key = <uint64_t>MOVED << 32 | moved
        free(chain)
        free(before)
        self.nodes = after
        self.slots_log += 1
        return 0

    cdef int _read_words(self, const uint8_t *at, Py_ssize_t left) except -1:
        """Read the lines of a word list of ``left`` bytes."""
        cdef uint32_t[WORDS_AT_ONCE * LONGEST_SHIPPED] codes
        cdef Word[WORDS_AT_ONCE] words
        cdef Py_ssize_t line = 0, number = 0
        cdef Word *word
        cdef int width
        while left:
            line += 1
            word = &words[number]
            word.codes, word.length, word.frequency = &codes[number * LONGEST_SHIPPED], 0, -1
            while left and at[0] > c" ":
                width = _decode(at, left, word.codes + word.length)
                at, left, word.length = at + width, left - width, word.length + 1
                if width == 0 or word.length == LONGEST_SHIPPED:
                    raise ValueError(f"the word in line {line} of the word list cannot be read")
            if word.length and left and at[0] == c" ":
                at, left = at + 1, left - 1
                while left and c"0" <= at[0] <= c"9" and word.frequency <= HIGHEST_FREQUENCY:
                    word.frequency = max(word.frequency, 0) * 10 + (at[0] - c"0")
                    at, left = at + 1, left - 1
            if not 0 <= word.frequency <= HIGHEST_FREQUENCY or (left and at[0] > c" "):
                raise ValueError(f"line {line} of the word list is no word with its frequency")
            word.tag = _tag(at, left)
            while left and at[0] != c"\n":
                at, left = at + 1, left - 1
            if left:
                at, left = at + 1, left - 1
            number += 1
            if number == WORDS_AT_ONCE or not left:
                self._add(words, number)
                number = 0
        return 0
