"""Learn data/name_gate.csv and data/name_features.csv, by which masking knows names, from invented texts.

usage: python benchmarks/name_weights.py

Both are logistic regressions with an l1 penalty, so that most features have no weight: the first is cheap and tells
where to look, the second looks at all there is. The same weights come out of every run. The texts are those of
benchmarks/name_texts.py and benchmarks/name_contexts.py.
"""

import csv
import random
import sys
from collections import Counter
from typing import NamedTuple

import numpy as np
from name_contexts import Redrawn, contexts
from name_texts import Names, framed, inserted, salads, shipped
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list
from pipeline.text.masking import name_gate
from pipeline.text.masking.learned import LearnedNames
from pipeline.text.masking.scoring import NameScorer
from pipeline.text.masking.sides import Sides
from pipeline.text.masking.start_tables import StartTables
from pipeline.text.masking.starts import NameStarts
from pipeline.text.masking.weights import read_name_weights
from pipeline.text.scanning import batches

SEED = 20261122
EACH = 30
SALADS = 12_000
TIMES = 8
LEAST_OF_GATE, LEAST = 5, 6
# the inverse of the penalty
GATE_STRENGTH, STRENGTH = 0.5, 1.0
# how much unlikelier than not a name may be for a place to be looked at, as a natural logarithm
GATE_CAUTION = 0.3
_SHIFT, _OFFSET = 1 << 21, 64


class Sample(NamedTuple):
    """Texts with the places of their names; from ``doubtful`` on, names may stand unmarked in them."""

    rows: list
    doubtful: frozenset

    @property
    def texts(self):
        """The texts alone."""
        return [text for text, _ in self.rows]


def sample() -> Sample:
    """Return the invented texts."""
    numbers = random.Random(SEED)
    names = Names(numbers)
    redrawn = Redrawn(names, numbers)
    rows = [*framed(names, numbers, EACH), *salads(names, numbers, SALADS)]
    rows += [redrawn.text(record) for _ in range(TIMES) for record in contexts()]
    sure = len(rows)
    rows += [*inserted(shipped(), names, numbers), *((text, []) for text in shipped())]
    return Sample(rows, frozenset(range(sure, len(rows))))


def fitted(known, truth, doubtful, **settings):
    """Fit twice: what looks like a name where names may stand unmarked is left out the second time."""
    use = np.ones(len(truth), dtype=bool)
    for _ in range(2):
        model = LogisticRegression(solver="liblinear", l1_ratio=1, random_state=0, **settings)
        model.fit(known[use], truth[use])
        told = known @ model.coef_[0] + model.intercept_ > 0
        use = ~(doubtful & told & ~truth)
    print(
        f"{len(truth)} places, {truth.sum()} names: found {np.mean(told[truth]):.3f}, "
        f"wrong {np.sum(told & ~truth & use)}, {np.sum(model.coef_ != 0)} weights",
        file=sys.stderr,
    )
    return model


def sparse(rows, width):
    """Return ones at the given columns of each row."""
    ends = np.cumsum([0, *map(len, rows)])
    places = np.fromiter((place for row in rows for place in row), dtype=np.int32, count=ends[-1])
    return csr_matrix((np.ones(len(places), dtype=np.float32), places, ends), shape=(len(rows), width))


def hundredths(weight):
    return round(100 * float(weight))


def learn_gate(texts: Sample, tables: StartTables):
    """Return the rows of data/name_gate.csv."""
    gate = name_gate.NameGate(tables)
    keys, places = _gate_features(texts.texts, gate)
    names = {(row, start) for row, (_, found) in enumerate(texts.rows) for start, _ in found}
    truth = np.array([place in names for place in map(tuple, places.tolist())])
    doubtful = np.isin(places[:, 0], sorted(texts.doubtful))
    columns, values, width = [], [], 0
    for number in range(keys.shape[1]):
        found, which, counts = np.unique(keys[:, number], return_inverse=True, return_counts=True)
        kept = counts >= LEAST_OF_GATE
        columns.append(np.where(kept, np.cumsum(kept) - 1 + width, -1)[which])
        values += [(number, int(key) // _SHIFT - _OFFSET, int(key) % _SHIFT - _OFFSET) for key in found[kept]]
        width += int(kept.sum())
    rows, which = np.nonzero(np.array(columns).T >= 0)
    ones = np.ones(len(rows), dtype=np.float32)
    known = csr_matrix((ones, (rows, np.array(columns).T[rows, which])), shape=(len(truth), width))
    model = fitted(known, truth, doubtful, C=GATE_STRENGTH, tol=1e-2, max_iter=60)
    weights = zip(values, map(hundredths, model.coef_[0]), strict=True)
    rows = [[name_gate.NAMES[value[0]], name_gate.value_name(*value), weight] for value, weight in weights if weight]
    return sorted([*rows, ["all", "", hundredths(model.intercept_[0] - GATE_CAUTION)]])


def _gate_features(texts, gate):
    """Return a key for each feature of each place, and each place as row and character."""
    keys, places, first = [], [], 0
    for batch in batches(texts):
        spread = name_gate.apart(batch)
        at = gate.openings(spread.codes)
        seen = [*gate.characters(spread.codes, at), *gate.surroundings(spread.codes, at)]
        seen += gate.words(spread.joined, at)
        keys.append(np.array([(one.first + _OFFSET) * _SHIFT + one.second + _OFFSET for one in seen]).T)
        row = name_gate.number_of_text(batch, at)
        places.append(np.array([row + first, at - name_gate.begins(batch)[row]]).T)
        first += len(batch.texts)
    return np.concatenate(keys), np.concatenate(places)


def learn_names(texts: Sample, weights, not_names, starts: NameStarts):
    """Return the rows of data/name_features.csv."""
    features, truth, rows = _candidates(
        texts, starts, NameScorer(not_names), LearnedNames(weights, Sides(weights), not_names)
    )
    counts = Counter(one for seen in features for one in seen)
    columns = {one: place for place, one in enumerate(sorted(one for one, n in counts.items() if n >= LEAST))}
    known = sparse([[columns[one] for one in seen if one in columns] for seen in features], len(columns))
    doubtful = np.isin(rows, sorted(texts.doubtful))
    model = fitted(known, truth, doubtful, C=STRENGTH, fit_intercept=False, tol=1e-3, max_iter=300)
    found = ([*one, hundredths(model.coef_[0][place])] for one, place in columns.items())
    return [row for row in found if row[-1]]


def _candidates(texts, starts, scorer, learned):
    """Return the features of all that the masker looks at, whether it is a name, and the row it stands in."""
    features, truth, rows, first, missed = [], [], [], 0, 0
    for batch in batches(texts.texts):
        near = starts.of(batch).near
        for place, text in enumerate(batch.texts):
            names = texts.rows[first + place][1]
            known = [one for one in scorer.find_by_score(text, near.get(place, [])) if one not in names]
            seen = set()
            for start in near.get(place, ()):
                behind = [name for name in names if start - 2 <= name[1] <= start][-1:]
                for end, shared, own, _ in learned.candidates(text, start, behind):
                    if not any(first < end and start < last for first, last in known):
                        features.append([*shared, *own])
                        truth.append((start, end) in names)
                        rows.append(first + place)
                        seen.add((start, end))
            missed += len(set(names) - seen)
        first += len(batch.texts)
    print(f"{len(texts.rows)} texts, {missed} names not looked at", file=sys.stderr)
    return features, np.array(truth), np.array(rows)


def write(name, rows):
    """Write a table of weights."""
    with data_file(name).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([["feature", "value", "weight"], *rows])


def main():
    texts, weights, not_names = sample(), read_name_weights(), frozenset(read_list(data_file("not_names.txt")))
    write("name_gate.csv", learn_gate(texts, StartTables(weights, not_names)))
    name_gate.gate_weights.cache_clear()
    write("name_features.csv", learn_names(texts, weights, not_names, NameStarts(weights, not_names)))


if __name__ == "__main__":
    main()
