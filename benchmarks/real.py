"""Quality on texts that no training saw: real ones in a folder that is not part of the project, and the sample dump.

usage: python benchmarks/real.py FOLDER > benchmarks/real.md

1. FOLDER/civic_labelled.csv: the training itself, on 8,299 real complaints to authorities in seven classes.
2. FOLDER/telecom_dev.csv: the shipped model on 69 real telecom texts, most of them speech transcripts.
3. data/sample_complaints.csv: the shipped model on complaints by authors who wrote none of the corpus.
"""

import argparse
import csv
import tempfile
from pathlib import Path

import numpy as np

import pipeline
from pipeline.model.evaluating import cause_score, expected_calibration_error, share
from pipeline.resources import data_file
from pipeline.workflow import TrainOptions, train


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def civic(folder):
    with tempfile.TemporaryDirectory() as place:
        report = train([folder / "civic_labelled.csv"], Path(place) / "model", TrainOptions(folds=5, hold_back=False))
    found = report.evaluation
    print(f"## Training on {report.used:,} real complaints to authorities, 7 classes\n")
    print("5-fold cross-validation with near-twins kept together.\n")
    print("| macro-F1 | accuracy | ECE | answered at .95 precision | learner |\n|---|---|---|---|---|")
    answered = next(one.coverage for one in found.coverage if one.target == 0.95)
    print(
        f"| {found.macro_f1} | {found.accuracy} | {found.ece:.4f} | {answered:.1%} | {report.learner} |\n", flush=True
    )


def telecom(folder):
    model = pipeline.load_model()
    rows = rows_of(folder / "telecom_dev.csv")
    answers = model.predict([row["text"] for row in rows])
    either = [a.category in (row["primary"], row["secondary"]) for a, row in zip(answers, rows, strict=True)]
    first = [a.category == row["primary"] for a, row in zip(answers, rows, strict=True)]
    sure = np.array([answer.confidence for answer in answers])
    kept = [hit for hit, answer in zip(either, answers, strict=True) if not answer.needs_review]
    print(f"## The shipped model on {len(rows)} real telecom texts\n")
    print("| main or second category | main category | ECE | answered | right among answered |\n|---|---|---|---|---|")
    ece = expected_calibration_error(sure, np.array(either))
    print(f"| {share(either)} | {share(first)} | {ece:.3f} | {len(kept) / len(rows):.1%} | {share(kept)} |\n")


def sample():
    model = pipeline.load_model()
    rows = rows_of(data_file("sample_complaints.csv"))
    truth = rows_of(data_file("sample_problems.csv"))
    # a campaign of forty copies would count one text forty times
    seen = {row["业务内容"]: (row, right) for row, right in zip(rows, truth, strict=True)}
    texts = [f"{row['主题']}\n{row['业务内容']}" for row, _ in seen.values()]
    right = [one for _, one in seen.values()]
    answers = model.predict(texts)
    hits = [a.category == one["category"] for a, one in zip(answers, right, strict=True)]
    either = [a.category in (one["category"], one["second"]) for a, one in zip(answers, right, strict=True)]
    causes = cause_score(
        [one["cause"] for one in right], [[cause for cause, _ in row] for row in model.rank_causes(texts)], 128
    )
    sure = np.array([answer.confidence for answer in answers])
    kept = [hit for hit, answer in zip(hits, answers, strict=True) if not answer.needs_review]
    print(f"## The shipped model on {len(texts):,} texts of the sample dump (other authors, one reading only)\n")
    print("| category | main or second | cause first | cause among three | ECE | answered | right among answered |")
    print("|---|---|---|---|---|---|---|")
    ece = expected_calibration_error(sure, np.array(hits))
    answered = f"{len(kept) / len(texts):.1%} | {share(kept)}"
    print(f"| {share(hits)} | {share(either)} | {causes.top1} | {causes.top3} | {ece:.3f} | {answered} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print("# Quality on unseen texts\n\nIn brackets: 95 % bootstrap intervals.\n")
    civic(folder)
    telecom(folder)
    sample()


if __name__ == "__main__":
    main()
