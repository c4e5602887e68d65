"""The parts beside what they replace, in one process: tokeniser and jieba, vectoriser and scikit-learn.

usage: python benchmarks/parts.py [--runs 5] > benchmarks/parts.md
"""

import argparse
import csv
import logging
import os
import platform
import statistics
import time

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline.model.vectorising import BLOCKS, Documents, Vectoriser
from pipeline.resources import data_file
from pipeline.text.tokenising import Tokeniser

jieba.setLogLevel(logging.ERROR)


def seconds(work):
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def bigrams(text):
    return [text[i : i + 2] for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]


def comparisons(texts):
    """Name, our work, their work; each pair gives the same answer."""
    tokeniser = Tokeniser()
    tokens = tokeniser.cut_many(texts)
    assert tokens[:500] == [jieba.lcut(text) for text in texts[:500]]
    yield "cut into words (jieba.lcut)", lambda: tokeniser.cut_many(texts), lambda: [jieba.lcut(t) for t in texts]
    yield "the same as places (jieba.lcut)", lambda: tokeniser.segment(texts), lambda: [jieba.lcut(t) for t in texts]
    documents = Documents(texts, tokeniser.segment(texts))
    spelled = {
        "words": tokens,
        "opening": [row[:16] for row in tokens],
        "chars": [[char for char in text if char.isalpha()] for text in texts],
        "bigrams": None,
    }
    analysers = {kind: rows.__getitem__ for kind, rows in spelled.items() if rows}
    analysers["bigrams"] = lambda i: bigrams(texts[i])
    for title, blocks in (("words", BLOCKS[:1]), ("bigrams", BLOCKS[3:]), ("all four blocks", BLOCKS)):
        ours = Vectoriser(blocks).fit(documents)
        theirs = [
            TfidfVectorizer(analyzer=analysers[block.kind], vocabulary=names, sublinear_tf=True).fit(range(len(texts)))
            for block, names in zip(blocks, ours.features_, strict=True)
        ]
        yield (
            f"TF-IDF, {title} (TfidfVectorizer)",
            lambda v=ours: v.transform(documents),
            lambda vs=theirs: [v.transform(range(len(texts))) for v in vs],
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    with data_file("complaints.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    print("# Parts beside what they replace\n")
    print(f"{len(texts):,} shipped complaints, medians of {args.runs} runs in turn; ", end="")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}.\n")
    print("| work (peer) | genyin µs a text | peer µs a text | ratio |")
    print("|---|---|---|---|")
    for name, ours, theirs in comparisons(texts):
        ours(), theirs()
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(args.runs)]
        mine, other = (statistics.median(pair[i] for pair in pairs) / len(texts) * 1e6 for i in (0, 1))
        ratio = statistics.median(b / a for a, b in pairs)
        print(f"| {name} | {mine:.1f} | {other:.1f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
