"""Dumps of any size out of the texts there are, for measuring speed."""

import re

import numpy as np
from dumps import read

from pipeline.records import Complaints
from pipeline.resources import data_file, default_model
from pipeline.text.cleaning import Cleaner
from pipeline.text.privacy import Masker
from pipeline.workflow.classifying import load_model
from pipeline.workflow.gathering import cause_names

SHIPPED = (
    ("complaints.csv", "", "text"),
    ("sample_complaints.csv", "主题", "业务内容"),
    ("property_complaints.csv", "", "text"),
)
REAL = (
    ("civic_labelled.csv", "title", "text"),
    ("civic_messages.csv", "title", "text"),
    ("river_complaints.csv", "title", "text"),
    ("reviews.csv", "", "review"),
)
_CLAUSE = re.compile(r"(?<=[，。！？；：,.!?;:\s])")


def sources(folder):
    """(title, text) of the texts of every source, cleaned and masked as before grouping."""
    places = [(data_file(name), *headers) for name, *headers in SHIPPED]
    places += [(folder / name, *headers) for name, *headers in REAL] if folder else []
    return [masked(read(path), title, text) for path, title, text in places]


def masked(rows, title, text):
    """(title, text) of rows, cleaned and masked."""
    cleaner, masker = Cleaner(), Masker()
    columns = ([row[header] if header else "" for row in rows] for header in (title, text))
    return list(zip(*(masker.mask_many(cleaner.clean_many(column)) for column in columns), strict=True))


def drawn(held, size, chance):
    """``size`` texts, every source by its share: its own at random, and where it has too few, recombined ones."""
    total = sum(map(len, held))
    rows = []
    for own in held:
        wanted = round(size * len(own) / total)
        rows += chance.sample(own, min(wanted, len(own)))
        rows += recombined(own, max(wanted - len(own), 0), chance)
    chance.shuffle(rows)
    return rows[:size]


def recombined(own, count, chance):
    """Texts in the pattern of one text, every clause from another at the same relative place.

    The title is the first half of one title and the second half of another: one place, another trouble.
    """
    clauses = [_CLAUSE.split(text) for _, text in own] if count else []
    for _ in range(count):
        length = len(chance.choice(clauses))
        parts = [chance.choice(clauses) for _ in range(length)]
        text = "".join(part[place * len(part) // length] for place, part in enumerate(parts))
        front, back = chance.choice(own)[0], chance.choice(own)[0]
        yield front[: len(front) // 2] + back[len(back) // 2 :], text


def complaints(rows):
    """As the program makes them, with the causes of the shipped model."""
    model, texts = load_model(), [f"{title}\n{text}" if title else text for title, text in rows]
    return Complaints(
        ids=[str(place) for place in range(len(rows))],
        texts=[text for _, text in rows],
        titles=[title for title, _ in rows],
        customers=[""] * len(rows),
        times=np.full(len(rows), "NaT", "M8[s]"),
        categories=[""] * len(rows),
        causes=cause_names(default_model()),
        cause_shares=model.cause_shares(list(model.predict_columns(texts))),
    )
