"""Labelled rows as users have them in a table."""

import csv


def write_labels(path, examples):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "cause", "pen", "source", "at"])
        writer.writerows([e.text, "|".join(e.labels), e.cause, e.group, e.source, e.labelled_at] for e in examples)
    return path
