"""Is this dump still what the model was trained on? Its texts and answers, counted beside the figures of the training.

``shifts`` says how the counts are compared. The answers and the length of every text are counted; words cost more, so
that of a large dump only some texts are looked at for words. Which ones follows from a hash of the texts themselves:
they are the same whatever the order of the rows, in any number of processes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model.shifts import Drift, Seen, drift_of
from pipeline.model.vectorising import is_word
from pipeline.records import Predictions
from pipeline.text.preparing import Prepared, read_word_list
from pipeline.text.segmentation import codes_of, lengths_of

if TYPE_CHECKING:
    from pipeline.model.classifying import Model
    from pipeline.model.training import Trained

# the golden ratio in 64 bits
_ODD = np.uint64(0x9E3779B97F4A7C15)
_BINS = 10
_SAMPLE = 20_000


class Watch:
    """Classifies like its model, and counts what a comparison with the training needs."""

    def __init__(self, model: "Model") -> None:
        self._model = model
        self._known = _known_words(model, 1, _stop_words(model))
        reference = model.info.get("reference")
        figures: Mapping[str, Any] = reference if isinstance(reference, Mapping) else {}
        self._edges = {name: np.array(figures[name]["edges"], float) for name in ("confidence", "length") if figures}

    def answers(self, texts: Sequence[str], one_in: int = 1) -> Iterator[tuple[Predictions, Seen]]:
        """Yield what ``predict_columns`` yields, with its counts; of so many texts one is looked at for words."""
        for portion, prepared, found in self._model.predict_prepared(texts):
            seen = Seen(len(portion), sum(found.needs_review), categories=Counter(found.category))
            seen.confidence = self._binned("confidence", found.confidence)
            seen.length = self._binned("length", lengths_of(portion))
            _count_words(prepared, self._known, one_in, seen)
            yield found, seen

    def _binned(self, name: str, values: Sequence[float] | NDArray[np.integer]) -> Counter[int]:
        if name not in self._edges:
            return Counter()
        counts = np.bincount(np.searchsorted(self._edges[name], values, side="right"))
        return Counter({place: count for place, count in enumerate(counts.tolist()) if count})


def measure_drift(model: "Model", texts: Sequence[str]) -> tuple[Drift, list[int]]:
    """Classify texts and compare them with the training; return also the places of those that need review."""
    total, unsure = Seen(), list[bool]()
    for found, seen in Watch(model).answers(texts):
        total.add(seen)
        unsure += found.needs_review
    return drift_of(model.info.get("reference"), total), [place for place, doubt in enumerate(unsure) if doubt]


def reference_of(trained: "Trained", texts: Sequence[str], stop_words: Iterable[str]) -> dict[str, Any]:
    """The figures that later dumps are compared with: plain values for ``model.json``, a few hundred bytes.

    ``stop_words``: those of the training, which are known words without being features.
    """
    labels = trained.model.labels
    counts = np.bincount(trained.guesses, minlength=len(labels))
    lengths = np.array([len(text) for text in texts])
    words = _left_out_words(trained.model, texts, stop_words)
    return {
        "rows": len(texts),
        "categories": {label: int(count) for label, count in zip(labels, counts, strict=True)},
        "confidence": _even_bins(trained.confidence),
        "length": _even_bins(lengths),
        "review": int(trained.review.sum()),
        "words": {"unknown": words.unknown, "all": words.words},
    }


def _even_bins(values: NDArray[Any]) -> dict[str, list[Any]]:
    """Edges that part the values into ten equal heaps (fewer where values are equal), and how many lie in each."""
    edges = np.unique(np.round(np.quantile(values, np.arange(1, _BINS) / _BINS), 4))
    edges = edges[(edges > values.min()) & (edges <= values.max())]
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def _left_out_words(model: "Model", texts: Sequence[str], stop_words: Iterable[str]) -> Seen:
    """Count the words of training texts, each as if the model had not seen it: a word must stand in enough others."""
    words = next(block for block in model.vectoriser.blocks if block.kind == "words")
    seen = Seen()
    some = texts[:: max(-(-len(texts) // _SAMPLE), 1)]
    _count_words(model.preparer.prepare(some), _known_words(model, words.min_df + 1, stop_words), 1, seen)
    return seen


def _stop_words(model: "Model") -> Iterable[str]:
    """The model's own stop words, if it was trained with other than the shipped ones."""
    settings = model.info.get("settings")
    own = settings.get("stop_words") if isinstance(settings, Mapping) else None
    return read_word_list(None, "stopwords.txt") if own is None else own


def _known_words(model: "Model", least_texts: int, stop_words: Iterable[str]) -> frozenset[str]:
    """Words of the vocabulary that stand in at least so many training texts, as their idf tells, and stop words."""
    place = [block.kind for block in model.vectoriser.blocks].index("words")
    names = model.vectoriser.features_[place]
    least = model.vectoriser.blocks[place].min_df
    if least_texts > least:
        start, stop = model.vectoriser.offsets[place : place + 2]
        idf = model.vectoriser.idf_[start:stop]
        # idf = ln((1 + n) / (1 + df)) + 1, and the rarest word of the vocabulary stands in min_df texts
        held = (1 + least) * np.exp(idf.max(initial=1.0) - idf) - 1
        names = [name for name, count in zip(names, held, strict=True) if count >= least_texts - 0.5]
    return frozenset((*names, *filter(is_word, stop_words)))


def _count_words(prepared: Prepared, known: frozenset[str], one_in: int, seen: Seen) -> None:
    """Count all words, those that are not ``known``, and the texts that hold them, in one of so many texts."""
    cut = prepared.segmentation
    places = _sample(prepared, one_in)
    edges = np.concatenate(([0], cut.lengths.cumsum()))
    stops = cut.counts.cumsum()
    joined = cut.text
    for first, stop in zip((stops - cut.counts)[places].tolist(), stops[places].tolist(), strict=True):
        tokens = [joined[start:end] for start, end in pairwise(edges[first : stop + 1].tolist())]
        strange = [token for token in tokens if token not in known]
        # the two tests before the last only save time
        words = [token for token in strange if token.isalpha() or (len(token) > 1 and is_word(token))]
        seen.looked_at += 1
        seen.words += len(tokens) - len(strange) + len(words)
        seen.unknown += len(words)
        seen.terms.update(set(words))


def _sample(prepared: Prepared, one_in: int) -> NDArray[np.integer]:
    """Places of the texts whose hash begins with as many zero bits as ``one_in``, a power of two, has behind its one.

    The hash of a text is the sum of its mixed characters, mixed once more (multiply and shift, Dietzfelbinger et al.
    1997): for all texts at once, which takes half the time of a checksum of each.
    """
    bits = one_in.bit_length() - 1
    if not bits:
        return np.arange(len(prepared.texts))
    mixed = codes_of(prepared.segmentation.text) * _ODD
    mixed ^= mixed >> np.uint64(29)
    sums = np.concatenate((np.zeros(1, np.uint64), mixed.cumsum(dtype=np.uint64)))
    lengths = lengths_of(prepared.texts)
    ends = lengths.cumsum()
    return np.flatnonzero((sums[ends] - sums[ends - lengths] + _ODD) * _ODD >> np.uint64(64 - bits) == 0)
