"""What jieba does with the single characters its dictionary leaves over: ``jieba.finalseg``, in linear time.

rjieba has a hidden Markov model too, but its emission weights are rounded to six decimals and it breaks ties in another
order, so that it parts some runs elsewhere (赞赞赞赞赞 is one of them). Hence jieba's own weights and order of
operations here; only the file with the weights is read, jieba's code is not loaded.
"""

import re
from collections.abc import Callable
from functools import cached_property
from importlib.util import find_spec, module_from_spec, spec_from_file_location
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
_REMEMBERED_RUNS = 200_000
_LONGEST_REMEMBERED = 24


class Finalseg:
    """Joins single characters into words as ``jieba.finalseg.cut`` does; reads jieba's weights (15 ms) when made.

    A word of ``forced_apart`` falls into its characters again.
    """

    def __init__(self, forced_apart: frozenset[str] = frozenset()) -> None:
        self._weights = emission_weights()
        self.forced_apart = forced_apart

    def cut(self, run: str) -> list[str]:
        """Return the words of a run of characters, none of which the dictionary joined."""
        if _NOT_HAN.search(run) is None:
            return self._han_words(run)
        words: list[str] = []
        for part in _PART.findall(run):
            words += self._han_words(part) if len(part) > 1 and _is_han(part) else [part]
        return words

    def word_ends(self, codes: "NDArray[np.int64]", lengths: "NDArray[np.int64]") -> "NDArray[np.bool_]":
        """Tell after which characters of many runs of Han characters a word ends, as ``cut`` would part each run.

        ``codes``: the code points of all runs, one run after the other; ``lengths``: of the runs, best below 50 (each
        place in a run is one step). Words forced apart are left whole.
        """
        import numpy as np

        order = np.argsort(-lengths, kind="stable")
        begins = (lengths.cumsum() - lengths)[order]
        # how many runs have a character at each place
        counts = np.searchsorted(-lengths[order], -np.arange(lengths.max(initial=0)), side="left").tolist()
        best, from_second = self._best_steps_of(codes - _FIRST_HAN, begins, counts)
        states = np.where(best[_S] >= best[_E], _S, _E)
        predecessors = np.array([_FIRST, _SECOND])
        ends = np.ones(len(codes), bool)
        for place in range(len(counts) - 2, -1, -1):
            count = counts[place + 1]
            later = states[:count]
            states[:count] = predecessors[from_second[place][later, np.arange(count)].astype(np.int64), later]
            ends[begins[:count] + place] = (states[:count] == _E) | (states[:count] == _S)
        return ends

    def _best_steps_of(
        self, characters: "NDArray[np.int64]", begins: "NDArray[np.int64]", counts: list[int]
    ) -> "tuple[NDArray[np.float64], list[NDArray[np.bool_]]]":
        """Return the last weights of B, E, M, S (rows) of each run and by place what ``_best_steps`` does of one."""
        import numpy as np

        weights = self._weight_table
        best = _START_WEIGHTS + weights[:, characters[begins]]
        from_second = []
        for place, count in enumerate(counts[1:], start=1):
            emitted = weights[:, characters[begins[:count] + place]]
            first = best[_FIRST, :count] + _FIRST_WEIGHTS + emitted
            second = best[_SECOND, :count] + _SECOND_WEIGHTS + emitted
            from_second.append(second >= first)
            best[:, :count] = np.where(from_second[-1], second, first)
        return best, from_second

    def _han_words(self, han: str) -> list[str]:
        words = _parted(han, *self._best_steps(han))
        if not self.forced_apart.isdisjoint(words):
            return [part for word in words for part in (word if word in self.forced_apart else (word,))]
        return words

    def _best_steps(self, han: str) -> tuple[str, list[int]]:
        """Return the last character's best state and, for all later than the first, where each state best comes from.

        The Viterbi algorithm. The weights are added in jieba's order and ties go to the later letter as in its ``max``
        of tuples: where a character is repeated, the last bit of a sum decides.
        """
        of_b, of_e, of_m, of_s = (weights.get for weights in self._weights)
        first = han[0]
        b, e = _START_B + of_b(first, _NEVER), _NEVER + of_e(first, _NEVER)
        m, s = _NEVER + of_m(first, _NEVER), _START_S + of_s(first, _NEVER)
        steps = []
        for character in han[1:]:
            to_b, to_e = of_b(character, _NEVER), of_e(character, _NEVER)
            to_m, to_s = of_m(character, _NEVER), of_s(character, _NEVER)
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

        table = np.full((len(self._weights), _LAST_HAN - _FIRST_HAN + 1), _NEVER)
        for row, weights in zip(table, self._weights, strict=True):
            codes = np.fromiter(map(ord, weights), np.int64, len(weights)) - _FIRST_HAN
            known = (codes >= 0) & (codes < len(row))
            row[codes[known]] = np.fromiter(weights.values(), np.float64, len(weights))[known]
        return table


class Runs(dict[str, tuple[str, ...] | None]):
    """The words of a run of single characters, made at the first request; empty where all stay single.

    ``None``: the run is a word of the dictionary, too rare to have been chosen; jieba leaves its characters alone.
    """

    def __init__(self, has_word: Callable[[str], bool], finalseg: Finalseg) -> None:
        super().__init__()
        self.has_word = has_word
        self.finalseg = finalseg

    def __missing__(self, run: str) -> tuple[str, ...] | None:
        words = None if self.has_word(run) else tuple(self.finalseg.cut(run))
        if words is not None and len(words) == len(run):
            words = ()
        if len(run) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED_RUNS:
                self.clear()
            self[run] = words
        return words


def _is_han(part: str) -> bool:
    return "\u4e00" <= part[0] <= "\u9fd5"


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


def emission_weights() -> tuple[dict[str, float], ...]:
    """Return the weight of every character known to be in a state, for B, E, M and S."""
    package = find_spec("jieba")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("jieba is not installed; its weights are needed", name="jieba")
    file = Path(package.submodule_search_locations[0], "finalseg", "prob_emit.py")
    spec = spec_from_file_location("_jieba_prob_emit", file)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"{file} cannot be loaded", name="jieba")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return tuple(module.P[state] for state in "BEMS")
