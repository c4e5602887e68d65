"""What each part of the model is worth: the shipped corpus, cross-validated by pen, with one part changed at a time.

usage: python benchmarks/ablation.py [--folds 4] [--real FOLDER] > benchmarks/ablation.md

All variants share folds (every pen on one side), learner and rows. ``real`` is the share of right answers (main or
secondary category) on a file telecom_dev.csv of real texts in FOLDER, which is not part of the project.
"""

import argparse
import csv
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_array, hstack
from scipy.sparse.linalg import svds
from sklearn.metrics import f1_score

from pipeline.model.calibrating import fit_lead
from pipeline.model.classifying import lead_evidence, sigmoid
from pipeline.model.evaluating import coverage_at, expected_calibration_error
from pipeline.model.examples import Example, make_targets, parse_labels
from pipeline.model.fitting import Learner, fit_head
from pipeline.model.folding import grouped_folds
from pipeline.model.vectorising import BLOCKS, Block, Documents, Vectoriser
from pipeline.resources import data_file
from pipeline.text.cleaning import Cleaner, CleaningOptions
from pipeline.text.preparing import Preparer, read_word_list

LEARNER = Learner("svm", 2, entropy=False)


@dataclass(frozen=True)
class Variant:
    """One way to build the model."""

    name: str
    preparer: Preparer
    blocks: tuple[Block, ...] = BLOCKS
    stop_words: frozenset[str] = frozenset()
    learner: Learner = LEARNER
    balanced: bool = True
    causes: bool = True
    sharpness: float = 8.0
    vectors: float = 0.0


class RawCleaner(Cleaner):
    """Changes nothing: the text as it came."""

    def clean_many(self, texts):
        """Return the texts."""
        return list(texts)


def without(kind):
    return tuple(block for block in BLOCKS if block.kind != kind)


def variants():
    words = read_word_list(None, "userdict.txt")
    full = Preparer.from_settings(CleaningOptions(), words)
    base = Variant("as shipped", full, stop_words=frozenset(read_word_list(None, "stopwords.txt")))
    yield base
    yield replace(base, name="no user dictionary", preparer=Preparer.from_settings(CleaningOptions(), ()))
    yield replace(base, name="no stop words", stop_words=frozenset())
    yield replace(base, name="no cleaning at all", preparer=replace(full, cleaner=RawCleaner()))
    for option in ("boilerplate", "traditional", "lookalikes"):
        changed = CleaningOptions(**{option: False})
        yield replace(base, name=f"cleaning without {option}", preparer=Preparer.from_settings(changed, words))
    yield replace(base, name="customer's side only", preparer=Preparer.from_settings(CleaningOptions(True), words))
    for kind in ("opening", "chars", "bigrams"):
        yield replace(base, name=f"no {kind}", blocks=without(kind))
    yield replace(base, name="words only", blocks=(Block("words"),))
    yield replace(base, name="entropy weights", learner=Learner("svm", 1))
    yield replace(base, name="no class weights", balanced=False)
    yield replace(base, name="one level: categories only", causes=False)
    yield replace(base, name="sharpness 4", sharpness=4.0)
    yield replace(base, name="sharpness 16", sharpness=16.0)
    yield replace(base, name="+ word vectors of the corpus x0.3", vectors=0.3)
    yield replace(base, name="+ word vectors of the corpus x1", vectors=1.0)


def word_vectors(documents, dimensions=100, window=5):
    """PPMI of words within a window, context^.75, SVD; unit rows (Levy, Goldberg, Dagan 2015)."""
    counts = Counter(token for tokens in documents.tokens for token in tokens)
    words = sorted(word for word, n in counts.items() if n >= 5 and word.strip())
    place = {word: i for i, word in enumerate(words)}
    pairs = Counter()
    for tokens in documents.tokens:
        ids = [place[token] for token in tokens if token in place]
        for i, left in enumerate(ids):
            for step, right in enumerate(ids[i + 1 : i + 1 + window]):
                pairs[left, right] += 1 - step / window
                pairs[right, left] += 1 - step / window
    rows, columns = np.array(list(pairs)).T
    values = np.array(list(pairs.values()))
    word = np.bincount(rows, values, len(words))
    context = word**0.75 / (word**0.75).sum()
    ppmi = np.maximum(np.log(values / (word[rows] * context[columns])), 0)
    u, s, _ = svds(csr_array((ppmi, (rows, columns)), shape=(len(words),) * 2), dimensions, random_state=0)
    vectors = u * np.sqrt(s)
    return place, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def dense_block(documents, model, weight):
    place, vectors = model
    rows = np.zeros((len(documents), vectors.shape[1]))
    for i, tokens in enumerate(documents.tokens):
        ids = [place[token] for token in set(tokens) if token in place]
        if ids:
            rows[i] = vectors[ids].mean(axis=0)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return csr_array(rows * weight)


def margins(variant, documents, targets, seen, new):
    vectoriser = Vectoriser(variant.blocks, variant.stop_words).fit(documents.take(seen))
    known, asked = vectoriser.transform(documents.take(seen)), vectoriser.transform(new)
    if variant.vectors:
        model = word_vectors(documents)
        known = csr_array(hstack([known, dense_block(documents.take(seen), model, variant.vectors)]))
        asked = csr_array(hstack([asked, dense_block(new, model, variant.vectors)]))
    return fit_head(known, targets.take(seen).signs(), variant.learner, variant.balanced).margins(asked)


def measure(variant, examples, real, folds):
    rows = examples if variant.causes else [replace(example, cause="") for example in examples]
    prepared = variant.preparer.prepare([example.text for example in rows])
    documents = Documents(prepared.texts, prepared.tokens)
    targets = make_targets(rows, 5)
    leaves = replace(targets.leaves, sharpness=variant.sharpness)
    everything = np.arange(len(rows))
    asked = variant.preparer.prepare([text for text, _ in real])
    new = Documents(asked.texts, asked.tokens)
    tasks = [(everything[folds != n], documents.take(everything[folds == n])) for n in range(int(folds.max()) + 1)]
    tasks += [(everything, new)] if real else []
    found = Parallel(n_jobs=2)(delayed(margins)(variant, documents, targets, seen, held) for seen, held in tasks)
    unseen = np.zeros((len(rows), len(leaves.causes)))
    for n in range(int(folds.max()) + 1):
        unseen[folds == n] = found[n]
    return score(leaves, targets, unseen, folds, found[-1] if real else None, real)


def score(leaves, targets, unseen, folds, asked, real):
    pooled = leaves.pooled(unseen)
    best = pooled.argmax(axis=1)
    right = best == targets.primary
    sure = np.zeros(len(right))
    for n in range(int(folds.max()) + 1):
        held = folds == n
        line = fit_lead(pooled[~held], best[~held], right[~held])
        sure[held] = sigmoid(lead_evidence(pooled[held], best[held]) @ line)
    named = np.array(leaves.causes)[targets.leaf] != ""
    cause = float((unseen[named].argmax(axis=1) == targets.leaf[named]).mean()) if named.any() else float("nan")
    hits = (
        [
            leaves.categories[i] in labels
            for i, (_, labels) in zip(leaves.pooled(asked).argmax(axis=1), real, strict=True)
        ]
        if real
        else []
    )
    soft = np.exp(pooled - pooled.max(axis=1, keepdims=True))
    return {
        "macro-F1": f1_score(targets.primary, best, average="macro"),
        "cause": cause,
        "ECE": expected_calibration_error(sure, right),
        "ECE uncalibrated": expected_calibration_error((soft / soft.sum(axis=1, keepdims=True)).max(axis=1), right),
        "answered at .97": coverage_at(0.97, sure, right).coverage,
        "real": float(np.mean(hits)) if hits else float("nan"),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--real", type=Path)
    args = parser.parse_args()
    with data_file("complaints.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    examples = [Example(row["text"], parse_labels(row["label"])[0], row["cause"], row["pen"]) for row in rows]
    real = []
    if args.real and (args.real / "telecom_dev.csv").is_file():
        with (args.real / "telecom_dev.csv").open(encoding="utf-8-sig", newline="") as file:
            real = [(row["text"], {row["primary"], row["secondary"]}) for row in csv.DictReader(file)]
    labels = np.array([sorted({e.labels[0] for e in examples}).index(e.labels[0]) for e in examples])
    pens = np.unique([e.group for e in examples], return_inverse=True)[1]
    folds = grouped_folds(labels, pens, args.folds, 0)
    print("# Ablation\n")
    print(f"{len(examples):,} rows, {args.folds} folds by pen, learner {LEARNER}; {len(real)} real texts.")
    print("One part changed at a time. Standard error of a share near .95 at this size: .003; of `real`: .05.\n")
    base = None
    for variant in variants():
        found = measure(variant, examples, real, folds)
        if base is None:
            base = found
            print("| variant | " + " | ".join(found) + " | change of macro-F1 |")
            print("|---" * (len(found) + 2) + "|")
        change = found["macro-F1"] - base["macro-F1"]
        cells = " | ".join("-" if np.isnan(value) else f"{value:.4f}" for value in found.values())
        print(f"| {variant.name} | {cells} | {change:+.4f} |", flush=True)


if __name__ == "__main__":
    main()
