# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""What the texts of problems offer for their names, and which of them are typical.

Every function names its twin and gives the same bytes, sums of floats added up in the same order. The limits and weights
are those of the twins' modules, which the caller hands over. The loops let go of the interpreter lock, so that blocks of
problems can run side by side.
"""

import numpy as np

from libc.math cimport ceil, log1p, pow, rint, sqrt
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcmp, memset

cdef extern from "Python.h":
    bint Py_UNICODE_ISALNUM(Py_UCS4 character) noexcept nogil
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 character) noexcept nogil

cdef enum:
    NOT_FIRST = 1
    NOT_LAST = 2
    NUMBER = 4
    FUNCTION_WORD = 3
    # a phrase has at most so many words; so many fragments and phrases are looked at
    MOST_WORDS = 5
    MOST_KEPT = 64
    # tokens are half a character wide at least, so that a fragment has at most so many
    MOST_TOKENS = 64
    UNIT_WORDS = 16
    # of a token, for only the beginnings of texts are read
    MOST_LETTERS = 512

cdef uint64_t MULTIPLIER = 0x9E3779B97F4A7C15


cdef struct Clause:
    const int32_t* words
    int32_t length
    int32_t text
    # where its words stand among those of the problem
    int32_t at
    bint title
    double value


cdef struct Cut:
    const int32_t* words
    int32_t length
    bint whole
    double score


cdef struct Gram:
    const int32_t* words
    int32_t length
    int32_t count
    int32_t text
    bint title
    double worth


cdef struct Run:
    # the contents end to end; for each place how often it and the next stand together, and whether they may be parted
    const int32_t* tokens
    const int32_t* together
    const uint8_t* torn
    const int64_t* starts
    const int64_t* bodies
    const int64_t* stops
    # the contents of each problem, how many complaints have each, and words that are told already
    const int32_t* texts
    const int64_t* text_ends
    const double* copies
    const int32_t* told
    const int64_t* told_ends
    # for each token
    const uint8_t* traits
    const uint8_t* of_sentences
    const double* widths
    const int64_t* times
    const double* telling
    const double* begins
    const double* ends
    const uint32_t* letters
    const int64_t* spelt
    # characters that do not open and do not close
    const uint32_t* no_opening
    const uint32_t* no_closing
    Py_ssize_t no_openings, no_closings, vocabulary
    double mean_words


# what is known of the problem at hand
cdef struct Desk:
    # by token: its number in the problem, -1 for others
    int32_t* local
    # by number in the problem
    int32_t* known
    int32_t* held
    int32_t* seen
    double* worth
    double* again
    double* first
    # by place in the problem
    int32_t* own
    int32_t* previous
    int32_t* current
    Gram* grams
    uint32_t* letters
    Py_UCS4* before
    Py_UCS4* after
    Clause* clauses
    Clause* chosen
    # a hash table, forgotten by counting up ``age``
    uint64_t* keys
    int32_t* ages
    int32_t* values
    uint64_t slots
    int32_t age
    Cut* cuts
    Py_ssize_t cut_room, places_room
    Py_ssize_t clause_count, size, word_count, text_count, gram_count, cut_count, letter_count
    double unit


include "memory.pxi"
include "naming_places.pxi"
include "naming_phrases.pxi"
include "naming_fragments.pxi"
include "naming_quotes.pxi"


cdef class Problems:
    """The problems of a run, read by blocks.

    ``arrays`` are those of ``naming_arrays``, by name; ``fragments`` and ``phrases`` are the modules of that name, where
    the limits and weights stand.
    """
    cdef Run run
    cdef Rules rules
    cdef object kept
    cdef Py_ssize_t problems

    def __init__(self, arrays, fragments, phrases):
        # what the pointers point to must live as long as they
        self.kept = arrays
        self.problems = len(arrays["text_ends"])
        self.rules = _rules(fragments, phrases)
        cdef const int32_t[::1] tokens = arrays["tokens"], together = arrays["together"]
        cdef const int32_t[::1] texts = arrays["texts"], told = arrays["told"]
        cdef const int64_t[::1] starts = arrays["starts"], bodies = arrays["bodies"], stops = arrays["stops"]
        cdef const int64_t[::1] text_ends = arrays["text_ends"], told_ends = arrays["told_ends"]
        cdef const int64_t[::1] times = arrays["times"], spelt = arrays["spelt"]
        cdef const uint8_t[::1] torn = arrays["torn"], traits = arrays["traits"], sentences = arrays["of_sentences"]
        cdef const double[::1] copies = arrays["copies"], widths = arrays["widths"], telling = arrays["telling"]
        cdef const double[::1] begins = arrays["begins"], ends = arrays["ends"]
        cdef const uint32_t[::1] letters = arrays["letters"]
        cdef const uint32_t[::1] no_opening = arrays["no_opening"], no_closing = arrays["no_closing"]
        _check(len(together) == len(torn) == len(tokens) and len(starts) == len(bodies) == len(stops))
        _check(len(copies) == len(texts) == text_ends[len(text_ends) - 1])
        _check(not len(spelt) or np.diff(spelt).max(initial=0) <= MOST_LETTERS)
        _check(len(told_ends) == len(text_ends) and len(spelt) == len(traits) + 1)
        self.run = Run(
            &tokens[0], &together[0], &torn[0], &starts[0], &bodies[0], &stops[0], &texts[0], &text_ends[0], &copies[0],
            &told[0], &told_ends[0], &traits[0], &sentences[0], &widths[0], &times[0], &telling[0], &begins[0],
            &ends[0], &letters[0], &spelt[0], &no_opening[0], &no_closing[0], len(no_opening), len(no_closing),
            len(traits), arrays["mean_words"],
        )

    def offer(
        self,
        Py_ssize_t begin,
        Py_ssize_t end,
        int64_t[:, :, ::1] phrases,
        int32_t[::1] phrase_count,
        int64_t[:, :, ::1] fragments,
        double[:, ::1] scores,
        int32_t[::1] fragment_count,
    ):
        """Write key phrases and fragments of the problems ``begin`` to ``end`` (``offers._offer``).

        Of each phrase the place of its first token and their number; of each fragment also whether it is sound.
        """
        cdef Desk desk
        cdef Py_ssize_t problem
        _check(phrases.shape[1] <= MOST_KEPT and fragments.shape[1] <= MOST_KEPT)
        _lay_out(&desk, &self.run, begin, end)
        try:
            with nogil:
                for problem in range(begin, end):
                    _read(&desk, &self.run, problem)
                    _weigh(&desk, &self.run, &self.rules)
                    phrase_count[problem] = _phrases(&desk, &self.run, &self.rules, phrases, problem)
                    _forget_told(&desk, &self.run, problem)
                    fragment_count[problem] = _fragments(
                        &desk, &self.run, &self.rules, fragments, scores, problem
                    )
                    _clear(&desk)
        finally:
            _put_away(&desk)

    def typical(
        self,
        Py_ssize_t begin,
        Py_ssize_t end,
        const double[::1] telling,
        const double[::1] logarithms,
        const double[::1] limits,
        int32_t[:, ::1] quotes,
        int32_t[::1] quote_count,
        double[::1] cohesion,
    ):
        """Write which texts of problems are typical, the medoid first, and the cohesion (``quoting._typical``).

        ``telling`` is what each token counts, ``logarithms`` ln(1 + n) for every count n, ``limits`` how much being
        typical counts and from what similarity on two texts are the same.
        """
        cdef Desk desk
        cdef Py_ssize_t problem
        _lay_out(&desk, &self.run, begin, end)
        try:
            with nogil:
                for problem in range(begin, end):
                    _read(&desk, &self.run, problem)
                    quote_count[problem] = _typical(
                        &desk, &self.run, problem, &telling[0], &logarithms[0], limits[0], limits[1], quotes,
                        cohesion
                    )
                    _clear(&desk)
        finally:
            _put_away(&desk)

    def hits(self, const uint8_t[::1] asked, int64_t[::1] ends):
        """Return the problems that hold each word asked for and how many texts of each do (``finding._holding``).

        Those of token ``i`` end before ``ends[i + 1]``, where those of the next begin.
        """
        cdef Desk desk
        cdef Py_ssize_t problem, count = self.problems, local
        cdef int32_t token
        cdef int64_t[::1] places
        cdef int32_t[::1] texts
        _check(asked.shape[0] == self.run.vocabulary and ends.shape[0] == asked.shape[0] + 1)
        _lay_out(&desk, &self.run, 0, count)
        try:
            with nogil:
                for problem in range(count):
                    _read(&desk, &self.run, problem)
                    for local in range(desk.word_count):
                        ends[desk.known[local] + 1] += asked[desk.known[local]]
                    _clear(&desk)
                for token in range(<int32_t> asked.shape[0]):
                    ends[token + 1] += ends[token]
            places, texts = np.empty(ends[asked.shape[0]], np.int64), np.empty(ends[asked.shape[0]], np.int32)
            with nogil:
                for problem in range(count):
                    _read(&desk, &self.run, problem)
                    for local in range(desk.word_count):
                        token = desk.known[local]
                        if asked[token]:
                            places[ends[token]], texts[ends[token]] = problem, desk.held[local]
                            ends[token] += 1
                    _clear(&desk)
        finally:
            _put_away(&desk)
        return np.asarray(places), np.asarray(texts)
