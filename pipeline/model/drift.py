"""Is this dump still what the model was trained on? Compared with figures that the training left in the model.

Every comparison is a population stability index, PSI = sum((now - then) * ln(now / then)) over the bins of a
distribution (Siddiqi 2006, Credit Risk Scorecards), with the limits usual there: up to 0.1 nothing changed, above 0.25
the model has to be looked at. Small samples differ by chance: below what chance alone gives in 19 of 20 cases (a scaled
chi-square, Yurdakul & Naranjo 2020) nothing is reported.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model.vectorising import is_word
from pipeline.records import Prediction
from pipeline.text.preparing import read_word_list

if TYPE_CHECKING:
    from pipeline.model.classifying import Model
    from pipeline.model.training import Trained

Floats = NDArray[np.floating]

WATCH, ACT = 0.1, 0.25
STEADY, WATCHED, SHIFTED, UNKNOWN = "steady", "watch", "shifted", "no_reference"
_BINS = 10
_SAMPLE = 20_000
_LEAST_SHARE = 1e-4
_LEAST_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing compared with the training: ``name`` is category, confidence, length, review or unknown_words.

    ``bins``: per bin its name, its share in training and its share now; ``level``: steady, watch or shifted; ``noise``:
    the PSI that chance alone stays below in 19 of 20 cases.
    """

    name: str
    psi: float
    noise: float
    level: str
    bins: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A word that the model does not know, and in how many texts it stands."""

    word: str
    texts: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far ``rows`` texts are from the training: ``level`` is the worst of ``shifts``, or no_reference."""

    rows: int
    level: str
    shifts: tuple[Shift, ...]
    unknown_words: float
    new_terms: tuple[NewTerm, ...]


def measure_drift(model: "Model", texts: Sequence[str], answers: Sequence[Prediction], terms: int = 20) -> Drift:
    """Compare texts and what the model said of them with the training."""
    unknown, words, fresh = _vocabulary_gap(model, texts)
    reference = model.info.get("reference")
    shifts = _shifts(reference, texts, answers, (unknown, words)) if isinstance(reference, Mapping) else ()
    order = {STEADY: 0, WATCHED: 1, SHIFTED: 2}
    level = max((shift.level for shift in shifts), key=order.__getitem__, default=UNKNOWN)
    found = [NewTerm(word, count) for word, count in fresh.items() if count >= _LEAST_TEXTS and len(word) > 1]
    found.sort(key=lambda term: (-term.texts, term.word))
    return Drift(len(texts), level, shifts, unknown / max(words, 1), tuple(found[:terms]))


def reference_of(trained: "Trained", texts: Sequence[str]) -> dict[str, Any]:
    """The figures that later dumps are compared with: plain values for ``model.json``, a few hundred bytes."""
    labels = trained.model.labels
    counts = np.bincount(trained.guesses, minlength=len(labels))
    lengths = np.array([len(text) for text in texts])
    unknown, words = _left_out_words(trained.model, texts)
    return {
        "rows": len(texts),
        "categories": {label: int(count) for label, count in zip(labels, counts, strict=True)},
        "confidence": _binned(trained.confidence),
        "length": _binned(lengths),
        "review": int(trained.review.sum()),
        "words": {"unknown": unknown, "all": words},
    }


def stability_index(then: Floats, now: Floats) -> float:
    """PSI of two distributions over the same bins; shares under 0.0001 count as that much.

    >>> round(stability_index(np.array([0.5, 0.5]), np.array([0.6, 0.4])), 4)
    0.0405
    """
    old, new = np.maximum(then, _LEAST_SHARE), np.maximum(now, _LEAST_SHARE)
    return float(((new - old) * np.log(new / old)).sum())


def chance_index(bins: int, then_rows: int, now_rows: int) -> float:
    """PSI that samples of one distribution stay below in 19 of 20 cases: (1/n + 1/m) times a chi-square quantile.

    The quantile is approximated by a normal one (mean ``bins`` - 1, twice that variance).
    """
    freedom = max(bins - 1, 1)
    return (freedom + 1.645 * float(np.sqrt(2 * freedom))) * (1 / max(then_rows, 1) + 1 / max(now_rows, 1))


def _shifts(
    reference: Mapping[str, Any], texts: Sequence[str], answers: Sequence[Prediction], words: tuple[int, int]
) -> tuple[Shift, ...]:
    old_words = reference["words"]
    said = [(answer.category, answer.confidence, answer.needs_review) for answer in answers]
    return (
        *answer_shifts(reference, said),
        _binned_shift("length", reference["length"], [len(text) for text in texts]),
        _shift("unknown_words", ["yes", "no"], _parts(old_words["unknown"], old_words["all"]), _parts(*words)),
    )


def answer_shifts(reference: Mapping[str, Any], answers: Sequence[tuple[str, float, bool]]) -> tuple[Shift, ...]:
    """Compare answers (category, confidence, needs review) alone with those of the training: costs next to nothing."""
    mix = reference["categories"]
    said = Counter(category for category, _, _ in answers)
    review = _parts(sum(bool(unsure) for _, _, unsure in answers), len(answers))
    return (
        _shift("category", list(mix), list(mix.values()), [said[label] for label in mix]),
        _binned_shift("confidence", reference["confidence"], [sure for _, sure, _ in answers]),
        _shift("review", ["yes", "no"], _parts(reference["review"], reference["rows"]), review),
    )


def _parts(some: int, of_all: int) -> list[int]:
    return [some, of_all - some]


def _shift(name: str, bins: Sequence[str], then: Sequence[int], now: Sequence[int]) -> Shift:
    old, new = np.array(then, float), np.array(now, float)
    shares = old / max(old.sum(), 1), new / max(new.sum(), 1)
    psi, noise = stability_index(*shares), chance_index(len(bins), int(old.sum()), int(new.sum()))
    level = SHIFTED if psi > ACT else WATCHED if psi > WATCH else STEADY
    columns = zip(bins, shares[0].tolist(), shares[1].tolist(), strict=True)
    return Shift(name, psi, noise, STEADY if psi <= noise else level, tuple(columns))


def _binned(values: NDArray[Any]) -> dict[str, list[Any]]:
    """Edges that part the values into ten equal heaps (fewer where values are equal), and how many lie in each."""
    edges = np.unique(np.round(np.quantile(values, np.arange(1, _BINS) / _BINS), 4))
    edges = edges[(edges > values.min()) & (edges <= values.max())]
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def _binned_shift(name: str, reference: Mapping[str, Sequence[float]], values: Sequence[float]) -> Shift:
    edges = np.array(reference["edges"])
    counts = np.bincount(np.searchsorted(edges, np.array(values, float), side="right"), minlength=len(edges) + 1)
    names = [
        f"{low:g}–{high:g}" for low, high in zip(["", *edges], [*edges, ""], strict=True) if low != "" and high != ""
    ]
    names = [f"< {edges[0]:g}", *names, f">= {edges[-1]:g}"] if len(edges) else ["all"]
    return _shift(name, names, [int(n) for n in reference["counts"]], counts.tolist())


def _vocabulary_gap(model: "Model", texts: Sequence[str]) -> tuple[int, int, Counter[str]]:
    """Occurrences of words the model does not know, of all words, and the texts that hold each unknown one."""
    known = _known_words(model, 1)
    return _gap(model, texts, known)


def _left_out_words(model: "Model", texts: Sequence[str]) -> tuple[int, int]:
    """The same for the training texts, each as if the model had not seen it: a word must stand in enough others."""
    words = next(block for block in model.vectoriser.blocks if block.kind == "words")
    unknown, count, _ = _gap(model, texts, _known_words(model, words.min_df + 1))
    return unknown, count


def _known_words(model: "Model", least_texts: int) -> set[str]:
    """Words of the vocabulary that stand in at least so many training texts, as their idf tells, and stop words."""
    place = [block.kind for block in model.vectoriser.blocks].index("words")
    start, stop = model.vectoriser.offsets[place : place + 2]
    idf = model.vectoriser.idf_[start:stop]
    # idf = ln((1 + n) / (1 + df)) + 1, and the rarest word of the vocabulary stands in min_df texts
    least = model.vectoriser.blocks[place].min_df
    held = (1 + least) * np.exp(idf.max(initial=1.0) - idf) - 1
    names = model.vectoriser.features_[place]
    known = {name for name, count in zip(names, held, strict=True) if count >= least_texts - 0.5}
    return known | set(read_word_list(None, "stopwords.txt"))


def _gap(model: "Model", texts: Sequence[str], known: set[str]) -> tuple[int, int, Counter[str]]:
    step = max(-(-len(texts) // _SAMPLE), 1)
    unknown = count = 0
    fresh: Counter[str] = Counter()
    for tokens in model.preparer.prepare(texts[::step]).tokens:
        words = [token for token in tokens if is_word(token)]
        strange = [word for word in words if word not in known]
        unknown, count = unknown + len(strange), count + len(words)
        fresh.update(set(strange))
    return unknown, count, fresh
