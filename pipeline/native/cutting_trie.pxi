# A trie in one open hash table: its nodes are the beginnings of words, found by their parent and last character.

cdef enum:
    CODE_POINTS = 0x110000
    LEAST_SLOTS_LOG = 8
    MOST_SLOTS_LOG = 30

# parents that are no beginnings of words: that of single characters, and the mark of a node that has moved
cdef uint32_t ROOT = 0xFFFFFFFF
cdef uint32_t MOVED = 0xFFFFFFFE
# bits of a key: its character; notes that play no part in a search: which characters follow, by their last three bits,
# which spares most searches, and what jieba's tag says of a word
cdef uint64_t CHARACTER = 0x1FFFFF
cdef uint64_t ALL_FOLLOW = 0x1FE00000
cdef uint64_t PERSON = 0x20000000
cdef uint64_t PLACE = 0x40000000
cdef uint64_t NOTES = 0x7FE00000
# spreads keys over the upper bits of the product: 2**64 divided by the golden ratio
cdef uint64_t SPREAD = 0x9E3779B97F4A7C15
# the weight of what begins words and is none; those of words are logarithms of 1 and more
cdef double NO_WORD = -1.0

ctypedef struct Node:
    # 0 in a free slot. The parent in it goes by its code point if it is one character, else by its slot + CODE_POINTS.
    uint64_t key
    # the logarithm of the frequency, or NO_WORD
    double weight

ctypedef struct Word:
    uint32_t *codes
    Py_ssize_t length
    int64_t frequency
    # PERSON, PLACE or 0
    uint64_t tag
    # of the node of its beginning, as far as it has been read
    size_t slot


cdef inline uint64_t _key(uint32_t parent, uint32_t character) noexcept nogil:
    # one bit that is always set tells it from 0
    return <uint64_t>parent << 32 | <uint32_t>0x80000000 | character


cdef inline uint32_t _parent(const Word *word, Py_ssize_t place) noexcept nogil:
    """Return what the parent of a word's beginning goes by that ends at ``place``."""
    return ROOT if place == 0 else word.codes[0] if place == 1 else <uint32_t>word.slot + CODE_POINTS


cdef inline uint64_t _follow_bit(uint32_t character) noexcept nogil:
    return <uint64_t>0x200000 << (character & 7)


cdef inline size_t _first_slot(uint64_t key, int slots_log) noexcept nogil:
    return key * SPREAD >> (64 - slots_log)


cdef inline size_t _slot(const Node *nodes, int slots_log, uint64_t key) noexcept nogil:
    """Return the slot of the node with a key, or the free one where it would be."""
    cdef size_t slot = _first_slot(key, slots_log), last = (<size_t>1 << slots_log) - 1
    while nodes[slot].key and (nodes[slot].key & ~NOTES) != key:
        slot = (slot + 1) & last
    return slot


cdef Node *_empty_nodes(int slots_log) except NULL:
    cdef Node *nodes = NULL
    if slots_log <= MOST_SLOTS_LOG:
        nodes = <Node *>calloc(<size_t>1 << slots_log, sizeof(Node))
    if not nodes:
        raise MemoryError
    return nodes


cdef inline bint _has_slot(uint32_t parent) noexcept nogil:
    """Tell whether a parent is longer than one character."""
    return CODE_POINTS <= parent and parent != ROOT
