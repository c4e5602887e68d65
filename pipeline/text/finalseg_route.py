"""What jieba does with the single characters its dictionary leaves over: ``jieba.finalseg``, in linear time.

rjieba has a hidden Markov model too, but its emission weights are rounded to six decimals and it breaks ties in another
order, so that it parts some runs elsewhere (赞赞赞赞赞 is one of them). Hence jieba's own weights and order of
operations here; only the file with the weights is read, jieba's code is not loaded.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from itertools import filterfalse
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NOT_HAN = re.compile(r"[^\u4e00-\u9fd5]")
_PART = re.compile(r"[\u4e00-\u9fd5]+|[a-zA-Z0-9]+(?:\.[0-9]+)?%?|[^\u4e00-\u9fd5a-zA-Z0-9]+")

# The states of jieba's model: a character Begins, Ends or is in the Middle of a word, or is a word by itSelf.
_START_B, _START_S = -0.26268660809250016, -1.4652633398537678
_B_E, _B_M = -0.510825623765990, -0.916290731874155
_E_B, _E_S = -0.5897149736854513, -0.8085250474669937
_M_E, _M_M = -0.33344856811948514, -1.2603623820268226
_S_B, _S_S = -0.7211965654669841, -0.6658631448798212
_NEVER = -3.14e100
_UNKNOWN = (_NEVER, _NEVER, _NEVER, _NEVER)

# one bit a state: set where the better predecessor is the second of the pair in the table below
_B_FROM_S, _E_FROM_M, _M_FROM_M, _S_FROM_S = 1, 2, 4, 8
_PREDECESSORS = {
    "B": (_B_FROM_S, "E", "S"),
    "E": (_E_FROM_M, "B", "M"),
    "M": (_M_FROM_M, "B", "M"),
    "S": (_S_FROM_S, "E", "S"),
}

# The same for many runs at once, in the order B, E, M, S: both predecessors of a state and the weights on the way.
_B, _E, _M, _S = range(4)
_FIRST, _FIRST_WEIGHTS = [_E, _B, _B, _E], [[_E_B], [_B_E], [_B_M], [_E_S]]
_SECOND, _SECOND_WEIGHTS = [_S, _M, _M, _S], [[_S_B], [_M_E], [_M_M], [_S_S]]
_START_WEIGHTS = [[_START_B], [_NEVER], [_NEVER], [_START_S]]
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FD5
# the cuts of a run are the bits of one integer; longer runs are solved alone
_LONGEST_TOGETHER = 48
_REMEMBERED_RUNS = 200_000
_LONGEST_REMEMBERED = 24


class Finalseg:
    """Joins single characters into words as ``jieba.finalseg.cut`` does; reads jieba's weights (10 ms) when made.

    A word of ``forced_apart`` falls into its characters again.
    """

    def __init__(self, forced_apart: frozenset[str] = frozenset()) -> None:
        self._weights = _emission_weights()
        self._forced_apart = forced_apart

    def cut(self, run: str) -> list[str]:
        """Return the words of a run of characters, none of which the dictionary joined."""
        if _NOT_HAN.search(run) is None:
            return self._han_words(run)
        words: list[str] = []
        for part in _PART.findall(run):
            words += self._han_words(part) if _is_han(part) else [part]
        return words

    def cut_many(self, runs: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the words of each run, the same as ``cut`` finds; for thousands of runs in a fifth of its time."""
        han: list[str] = []
        mixed: dict[str, list[str]] = {}
        for run in runs:
            if _NOT_HAN.search(run) is None:
                han.append(run)
            else:
                mixed[run] = _PART.findall(run)
        inner = {part for parts in mixed.values() for part in parts if _is_han(part)}.difference(han)
        words_of = self._han_words_of([*han, *inner])
        for run, parts in mixed.items():
            words_of[run] = tuple([word for part in parts for word in words_of.get(part, (part,))])
        for part in inner:
            del words_of[part]
        return words_of

    def _han_words_of(self, runs: list[str]) -> dict[str, tuple[str, ...]]:
        short = sorted([run for run in runs if len(run) <= _LONGEST_TOGETHER], key=len, reverse=True)
        cuts = _cuts(short, self._weight_table) if short else []
        words_of = {run: _parter(len(run), bits)(run) for run, bits in zip(short, cuts, strict=True)}
        if self._forced_apart:
            words_of = {run: tuple(self._forced(words)) for run, words in words_of.items()}
        if len(short) < len(runs):
            words_of |= {run: tuple(self._han_words(run)) for run in runs if len(run) > _LONGEST_TOGETHER}
        return words_of

    def _han_words(self, han: str) -> list[str]:
        return self._forced(_parted(han, *self._best_steps(han)))

    def _forced(self, words: Sequence[str]) -> list[str]:
        if not self._forced_apart.isdisjoint(words):
            return [part for word in words for part in (word if word in self._forced_apart else (word,))]
        return list(words)

    def _best_steps(self, han: str) -> tuple[str, list[int]]:
        """Return the last character's best state and, for all later than the first, where each state best comes from.

        The Viterbi algorithm. The weights are added in jieba's order and ties go to the later letter as in its ``max``
        of tuples: where a character is repeated, the last bit of a sum decides.
        """
        weights = self._weights
        b, e, m, s = weights.get(han[0], _UNKNOWN)
        b, e, m, s = _START_B + b, _NEVER + e, _NEVER + m, _START_S + s
        steps = []
        for character in han[1:]:
            to_b, to_e, to_m, to_s = weights.get(character, _UNKNOWN)
            b_from_e, b_from_s = e + _E_B + to_b, s + _S_B + to_b
            e_from_b, e_from_m = b + _B_E + to_e, m + _M_E + to_e
            m_from_b, m_from_m = b + _B_M + to_m, m + _M_M + to_m
            s_from_e, s_from_s = e + _E_S + to_s, s + _S_S + to_s
            step = 0
            b, e, m, s = b_from_e, e_from_b, m_from_b, s_from_e
            if b_from_s >= b_from_e:
                b, step = b_from_s, _B_FROM_S
            if e_from_m >= e_from_b:
                e, step = e_from_m, step | _E_FROM_M
            if m_from_m >= m_from_b:
                m, step = m_from_m, step | _M_FROM_M
            if s_from_s >= s_from_e:
                s, step = s_from_s, step | _S_FROM_S
            steps.append(step)
        return "S" if s >= e else "E", steps

    @cached_property
    def _weight_table(self) -> "NDArray[np.float64]":
        """The weights of B, E, M and S (rows) of all Han characters from U+4E00 on (columns)."""
        import numpy as np

        table = np.full((_LAST_HAN - _FIRST_HAN + 1, 4), _NEVER)
        known = [character for character in self._weights if _FIRST_HAN <= ord(character) <= _LAST_HAN]
        table[np.fromiter(map(ord, known), np.int64) - _FIRST_HAN] = [self._weights[character] for character in known]
        return np.ascontiguousarray(table.T)


class Runs(dict[str, tuple[str, ...] | None]):
    """The words of a run of single characters, made at the first request; empty where all stay single.

    ``None``: the run is a word of the dictionary, too rare to have been chosen; jieba leaves its characters alone.
    """

    def __init__(self, has_word: Callable[[str], bool], finalseg: Finalseg) -> None:
        super().__init__()
        self._has_word = has_word
        self.finalseg = finalseg

    def __missing__(self, run: str) -> tuple[str, ...] | None:
        words = None if self._has_word(run) else tuple(self.finalseg.cut(run))
        if words is not None and len(words) == len(run):
            words = ()
        if len(run) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED_RUNS:
                self.clear()
            self[run] = words
        return words

    def learn(self, runs: Iterable[str]) -> None:
        """Find the words of all new ``runs`` together."""
        unknown = {run for run in filterfalse(self.__contains__, set(runs)) if len(run) <= _LONGEST_REMEMBERED}
        if len(self) + len(unknown) > _REMEMBERED_RUNS:
            self.clear()
        rare_words = set(filter(self._has_word, unknown))
        self.update(dict.fromkeys(rare_words))
        for run, words in self.finalseg.cut_many(unknown - rare_words).items():
            self[run] = words if len(words) < len(run) else ()


def _is_han(part: str) -> bool:
    return "\u4e00" <= part[0] <= "\u9fd5"


def _cuts(runs: list[str], weights: "NDArray[np.float64]") -> list[int]:
    """Return where to cut each run (longest first): bit n is set if a word ends after character n.

    The Viterbi algorithm for one character of all runs at a time; sums and ties as in ``Finalseg._best_steps``.
    """
    import numpy as np

    lengths = np.fromiter(map(len, runs), np.int64, len(runs))
    codes = np.frombuffer("".join(runs).encode("utf-32-le"), "<u4").astype(np.int64) - _FIRST_HAN
    begins = lengths.cumsum() - lengths
    # how many runs have a character at each place
    counts = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left").tolist()
    best = _START_WEIGHTS + weights[:, codes[begins]]
    from_second = []
    for place, count in enumerate(counts[1:], start=1):
        emitted = weights[:, codes[begins[:count] + place]]
        first = best[_FIRST, :count] + _FIRST_WEIGHTS + emitted
        second = best[_SECOND, :count] + _SECOND_WEIGHTS + emitted
        from_second.append(second >= first)
        best[:, :count] = np.where(from_second[-1], second, first)
    states = np.where(best[_S] >= best[_E], _S, _E)
    return _walked_back(states, from_second)


def _walked_back(states: "NDArray[np.int64]", from_second: "Sequence[NDArray[np.bool_]]") -> list[int]:
    import numpy as np

    predecessors = np.array([_FIRST, _SECOND])
    cuts = np.zeros(len(states), np.int64)
    for place in range(len(from_second) - 1, -1, -1):
        steps = from_second[place]
        current = states[: steps.shape[1]]
        current[:] = predecessors[steps[current, np.arange(len(current))].astype(np.int64), current]
        cuts[: len(current)] |= ((current == _E) | (current == _S)).astype(np.int64) << place
    return cuts.tolist()


@lru_cache(maxsize=4096)
def _parter(length: int, cuts: int) -> Callable[[str], tuple[str, ...]]:
    """Return what cuts a run of ``length`` characters after character n where bit n is set.

    >>> _parter(4, 0b10)("ABCD")
    ('AB', 'CD')
    """
    ends = [place + 1 for place in range(length - 1) if cuts >> place & 1]
    if len(ends) == length - 1:
        return tuple
    if not ends:
        return lambda run: (run,)
    return itemgetter(*[slice(begin, end) for begin, end in zip([0, *ends], [*ends, length], strict=True)])


def _parted(han: str, state: str, steps: list[int]) -> list[str]:
    """Walk back from the last state and part ``han`` after each character that ends a word or is one."""
    words: list[str] = []
    end = len(han)
    for place in range(len(steps), 0, -1):
        bit, first, second = _PREDECESSORS[state]
        state = second if steps[place - 1] & bit else first
        if state in "ES":
            words.append(han[place:end])
            end = place
    words.append(han[:end])
    words.reverse()
    return words


def _emission_weights() -> dict[str, tuple[float, float, float, float]]:
    package = find_spec("jieba")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("jieba is not installed; its weights are needed", name="jieba")
    file = Path(package.submodule_search_locations[0], "finalseg", "prob_emit.py")
    spec = spec_from_file_location("_jieba_prob_emit", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{file} cannot be loaded", name="jieba")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    begin, end, middle, single = (module.P[state] for state in "BEMS")
    return {
        character: tuple(table.get(character, _NEVER) for table in (begin, end, middle, single))
        for character in begin.keys() | end.keys() | middle.keys() | single.keys()
    }
