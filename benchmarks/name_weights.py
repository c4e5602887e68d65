"""Learn data/name_features.csv, by which masking.learned knows names, from invented texts (benchmarks/name_texts.py).

usage: python benchmarks/name_weights.py

A logistic regression with an l1 penalty, so that most features have no weight. The same weights come out of every run.
"""

import csv
import random
import sys
from collections import Counter

import numpy as np
from name_texts import Names, framed, inserted, salads, shipped
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list
from pipeline.text.masking.learned import LearnedNames
from pipeline.text.masking.scoring import NameScorer
from pipeline.text.masking.sides import Sides
from pipeline.text.masking.starts import NameStarts
from pipeline.text.masking.weights import read_name_weights
from pipeline.text.scanning import batches

SEED = 20261122
EACH = 60
TIMES = 2
SALADS = 12_000
LEAST = 6
STRENGTH = 1.0
# the logarithm of how much likelier than not a name must be: in complaints, names are rarer than in these texts
CAUTION = 1.0


class Candidates:
    """What the masker looks at in texts, with its features."""

    def __init__(self):
        weights = read_name_weights()
        not_names = frozenset(read_list(data_file("not_names.txt")))
        self._starts = NameStarts(weights, not_names)
        self._scorer = NameScorer(not_names)
        self._learned = LearnedNames(weights, Sides(weights), not_names)

    def of(self, rows):
        """Return features and truth of each candidate, and how many names are no candidate."""
        rows = list(rows)
        features, truth, missed, first = [], [], 0, 0
        for batch in batches([text for text, _ in rows]):
            near = self._starts.of(batch).near
            for place, text in enumerate(batch.texts):
                names = rows[first + place][1]
                left = set(names)
                known = [one for one in self._scorer.find_by_score(text, near.get(place, [])) if one not in left]
                for start in near.get(place, ()):
                    behind = [name for name in names if start - 2 <= name[1] <= start][-1:]
                    for end, seen, _ in self._learned.candidates(text, start, behind):
                        if any(first < end and start < last for first, last in known):
                            continue
                        features.append(seen)
                        truth.append((start, end) in left)
                missed += len(
                    left - {(s, e) for s in near.get(place, ()) for e in (s + 1, s + 2, s + 3, s + 4) if (s, e) in left}
                )
            first += len(batch.texts)
        return features, np.array(truth), missed


def matrix(features, columns):
    rows = [[columns[one] for one in seen if one in columns] for seen in features]
    ends = np.cumsum([0, *map(len, rows)])
    places = np.fromiter((place for row in rows for place in row), dtype=np.int32, count=ends[-1])
    return csr_matrix((np.ones(len(places), dtype=np.float32), places, ends), shape=(len(rows), len(columns)))


def learn():
    numbers = random.Random(SEED)
    names, candidates = Names(numbers), Candidates()
    texts = shipped()
    rows = [
        *framed(names, numbers, EACH),
        *salads(names, numbers, SALADS),
        *inserted(texts * TIMES, names, numbers),
        *((text, []) for text in texts),
    ]
    features, truth, missed = candidates.of(rows)
    counts = Counter(one for seen in features for one in seen)
    columns = {one: place for place, one in enumerate(sorted(one for one, n in counts.items() if n >= LEAST))}
    known = matrix(features, columns)
    model = LogisticRegression(
        solver="liblinear", l1_ratio=1, C=STRENGTH, fit_intercept=False, random_state=0, tol=1e-3, max_iter=300
    )
    model.fit(known, truth)
    weights = {one: round(100 * float(model.coef_[0][place])) for one, place in columns.items()}
    weights["all", ""] = weights.get(("all", ""), 0) - round(100 * CAUTION)
    told = known @ model.coef_[0] > CAUTION
    print(
        f"{len(rows)} texts, {len(truth)} candidates, {truth.sum()} names, {missed} not looked at; "
        f"found {np.mean(told[truth]):.3f}, wrong {np.sum(told & ~truth)}; "
        f"{sum(map(bool, weights.values()))} weights",
        file=sys.stderr,
    )
    return weights


def main():
    weights = learn()
    with data_file("name_features.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["feature", "value", "weight"])
        table.writerows([*one, weight] for one, weight in sorted(weights.items()) if weight)


if __name__ == "__main__":
    main()
