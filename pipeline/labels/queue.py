"""The review queue: which texts are worth a person's minute, and a random control sample among them.

A text's worth is its uncertainty (best versus second best: Scheffer, Decomain & Wrobel 2001), weighed by how many texts
it stands for (information density: Settles & Craven 2008), by how few labels its likely category has, by labelled
neighbours that say otherwise, and by words no labelled text holds. Texts are then taken one by one, the best first, and
what resembles a taken text loses worth, so that a queue never holds forty copies of one doubt.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.errors import UsageError
from pipeline.label_entries import CONTROL
from pipeline.labels.signals import Signals, signals_of, unit_rows

Floats = NDArray[np.floating]
Ints = NDArray[np.integer]

# how far down the list of worth the diverse choice may look, in queues
_LOOKED_AT = 12
_LEAST_LOOKED_AT = 3000
# labels a category by which half of the early signals' weight is gone
_EARLY = 40
UNCERTAIN, NEIGHBOURS, RARE, NEW_WORDS, LARGE_GROUP = (
    "uncertain",
    "neighbours_disagree",
    "rare_category",
    "new_words",
    "large_group",
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts to choose from, and the labelled ones among them; every sequence has one entry per text, in one order.

    ``shares`` (texts, categories): the model's probability of each category, rows need not sum to one; ``categories``:
    their names. ``features``: TF-IDF rows as ``csr_array``. ``labels``: the main label where one is known, else empty.
    ``copy_of``: the place of the first text that is (nearly) the same (``near_duplicates(...).group``). ``groups``: an
    id of the problem or topic of a text, empty for none. ``unknown``: share of a text's words that the model does not
    know, where that is known.
    """

    texts: Sequence[str]
    categories: Sequence[str]
    shares: Floats
    features: csr_array
    labels: Sequence[str]
    copy_of: Ints
    groups: Sequence[str] = ()
    unknown: Floats | None = None

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """How to choose ``rows`` texts, ``control`` of them (a share) at random.

    A text's worth is (uncertain + e * (``neighbours`` * disagreement + ``novelty`` * new words)) *
    (density^``density`` * rarity^``balance``)^e * log2(1 + texts it stands for)^``size`` (see ``Signals``); 0 leaves a
    part out. e falls from 1 towards 0 with the number of labels: what is typical pays first, doubt always.
    ``diversity`` is the exponent of one minus the likeness to what was taken before. ``seed`` names another, equally
    random, sample.
    """

    rows: int = 200
    control: float = 0.1
    density: float = 1.0
    balance: float = 0.5
    neighbours: float = 0.25
    novelty: float = 0.25
    size: float = 0.5
    diversity: float = 1.0
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen text: its place in the pool, why it was chosen (a code, the strongest ground), and whether at random."""

    place: int
    why: str
    is_control: bool


def choose(pool: Pool, options: QueueOptions = QueueOptions()) -> tuple[Choice, ...]:
    """Choose texts for review, the worthiest first, control texts spread evenly among them.

    Only unlabelled texts, one of every set of copies, and none whose copy is labelled. Fewer than ``rows`` come back
    when there are no more. The same pool gives the same queue, whatever the order of its texts. ``UsageError`` for
    numbers that cannot be.
    """
    _check(options)
    eligible = _eligible(pool)
    wanted = min(options.rows, len(eligible))
    at_random = min(round(options.rows * options.control), wanted)
    signals = signals_of(pool, eligible)
    worthy = _diverse(pool, eligible, signals, wanted - at_random, options)
    taken = {place for place, _ in worthy}
    rest = [int(place) for place in eligible if int(place) not in taken]
    control = [Choice(place, CONTROL, True) for place in random_order(pool.texts, rest, options.seed)[:at_random]]
    return _interleaved([Choice(place, why, False) for place, why in worthy], control, pool.texts)


def random_order(texts: Sequence[str], places: Sequence[int], seed: str = "") -> list[int]:
    """Put places into an order that looks random, follows from the texts alone, and is another for each ``seed``."""
    return sorted(places, key=lambda place: (_hash(seed, texts[place]), place))


def _hash(seed: str, text: str) -> str:
    return hashlib.sha256(f"{seed}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _check(options: QueueOptions) -> None:
    if options.rows < 1:
        raise UsageError(f"A queue needs at least one row, not {options.rows}.")
    if not 0 <= options.control <= 1:
        raise UsageError(f"The share of the control sample is {options.control:g}; it must lie between 0 and 1.")


def _eligible(pool: Pool) -> Ints:
    """One of every set of copies of which none is labelled, whatever their order."""
    copy_of = np.asarray(pool.copy_of)
    known = np.array([bool(label) for label in pool.labels], bool)
    told = np.zeros(len(pool), bool)
    told[copy_of[known]] = True
    chosen: dict[int, int] = {}
    for place in np.flatnonzero(~told[copy_of]).tolist():
        rival = chosen.setdefault(int(copy_of[place]), place)
        if pool.texts[place] < pool.texts[rival]:
            chosen[int(copy_of[place])] = place
    return np.array(sorted(chosen.values()), np.int64)


def _worth(signals: Signals, options: QueueOptions, early: float) -> Floats:
    extra = options.neighbours * signals.neighbours + options.novelty * signals.new_words
    wide = signals.density**options.density * signals.rare**options.balance
    size = np.log2(1 + signals.stands_for) ** options.size
    return (signals.uncertain + early * extra) * wide**early * size


def _earliness(pool: Pool) -> float:
    """1 without labels, 1/2 at 40 a category, towards 0."""
    return 1 / (1 + sum(map(bool, pool.labels)) / (_EARLY * max(len(pool.categories), 1)))


def _grounds(signals: Signals) -> list[str]:
    """Name for each text what is most unusual about it, by its rank among all; doubt before anything as unusual."""
    parts = {
        UNCERTAIN: signals.uncertain,
        NEIGHBOURS: signals.neighbours,
        RARE: signals.rare,
        NEW_WORDS: signals.new_words,
        LARGE_GROUP: signals.stands_for,
    }
    ranks = np.column_stack([_rank(values) for values in parts.values()])
    return [list(parts)[place] for place in ranks.argmax(axis=1).tolist()]


def _rank(values: NDArray[np.number]) -> Floats:
    """Share of values that are smaller: 0 for what is as common as can be."""
    return np.searchsorted(np.sort(values), values) / max(len(values), 1)


def _diverse(pool: Pool, eligible: Ints, signals: Signals, count: int, options: QueueOptions) -> list[tuple[int, str]]:
    """Take the worthiest text, lower the worth of whatever is like it, and again; return places with their grounds."""
    worth, grounds = _worth(signals, options, _earliness(pool)), _grounds(signals)
    # ties are settled by the text itself, so that the order of the rows means nothing
    key = np.array([_hash(options.seed, pool.texts[place]) for place in eligible])
    first = np.lexsort((key, -np.round(worth, 9)))[: max(_LEAST_LOOKED_AT, _LOOKED_AT * count)]
    rows = unit_rows(pool.features[eligible[first]])
    left = worth[first].astype(float)
    taken: list[tuple[int, str]] = []
    for _ in range(min(count, len(first))):
        best = int(left.argmax())
        taken.append((int(eligible[first[best]]), grounds[int(first[best])]))
        likeness = np.clip(rows @ rows[[best]].toarray().ravel(), 0, 1)
        left *= (1 - likeness) ** options.diversity
        left[best] = -1.0
    return taken


def _interleaved(worthy: Sequence[Choice], control: Sequence[Choice], texts: Sequence[str]) -> tuple[Choice, ...]:
    """Spread control texts evenly, so that half a queue holds half of them, but at no regular places."""
    total = len(worthy) + len(control)
    ends = [i * total // max(len(control), 1) for i in range(len(control) + 1)]
    blocks = zip(control, ends, ends[1:], strict=False)
    drawn = {start + int(_hash("place", texts[one.place]), 16) % (stop - start): one for one, start, stop in blocks}
    ahead = iter(worthy)
    return tuple(drawn[i] if i in drawn else next(ahead) for i in range(total))
