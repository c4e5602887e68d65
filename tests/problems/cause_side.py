"""What the tests of the cause side share: complaints made on the spot, and the sample dump with its planted story."""

import csv
from dataclasses import replace
from functools import cache

import numpy as np

from pipeline import load_model
from pipeline.model.classifying import leaf_shares
from pipeline.records import Complaints, Role
from pipeline.resources import data_file
from pipeline.text.files.canonical import to_frame
from pipeline.text.reading import open_dump


def complaints(count, **given):
    """Complaints of different customers and texts without times; ``given`` replaces what matters."""
    plain = Complaints(
        ids=[f"{place:06d}" for place in range(count)],
        texts=[f"text {place}" for place in range(count)],
        titles=[""] * count,
        customers=[f"customer {place}" for place in range(count)],
        times=np.full(count, np.datetime64("NaT", "s")),
        categories=["network"] * count,
        causes=(),
        cause_shares=np.zeros((count, 0), np.float32),
    )
    return replace(plain, **given)


def taken(held, rows):
    """The same complaints in another order, or some of them."""

    def pick(column):
        return [column[row] for row in rows]

    return Complaints(
        ids=pick(held.ids),
        texts=pick(held.texts),
        titles=pick(held.titles),
        customers=pick(held.customers),
        times=held.times[rows],
        categories=pick(held.categories),
        causes=held.causes,
        cause_shares=held.cause_shares[rows],
        columns={role: pick(column) for role, column in held.columns.items()},
    )


def with_columns(held, columns):
    return replace(held, columns=dict(columns))


@cache
def dump(name="sample_complaints.csv"):
    """A shipped dump as grouping takes it (texts raw, customers as numbers)."""
    opened = open_dump([data_file(name)])
    chunks = list(opened.chunks())
    frame = to_frame(chunks, opened.sources[0].roles)
    texts = [text for chunk in chunks for text in chunk.texts]
    model = load_model()
    shares = leaf_shares(model.head.margins(model.vectorise(texts)), model.calibration)
    cells = {
        Role(name): ["" if str(cell) in ("<NA>", "nan", "NaT", "None") else str(cell) for cell in frame[name]]
        for name in frame.columns
    }
    apart = {Role.TITLE, Role.TEXT, Role.ACCEPT_TIME, Role.CUSTOMER_NUMBER, Role.COMPLAINT_ID}
    return Complaints(
        ids=cells[Role.COMPLAINT_ID],
        texts=texts,
        titles=[""] * len(texts),
        customers=cells[Role.CUSTOMER_NUMBER],
        times=frame["accept_time"].to_numpy().astype("datetime64[s]"),
        categories=[prediction.category for prediction in model.predict(texts)],
        causes=model.leaves.causes,
        cause_shares=shares.astype(np.float32),
        columns={role: column for role, column in cells.items() if role not in apart},
    )


@cache
def story():
    """The planted story of the sample dump: a row of truth for every complaint, in order."""
    with data_file("sample_problems.csv").open(encoding="utf-8-sig", newline="") as file:
        known = {row["工单流水号"]: row for row in csv.DictReader(file)}
    return [known[name] for name in dump().ids]


def planted(problem, role="member"):
    """Places of the complaints of a planted problem."""
    return {place for place, row in enumerate(story()) if (row["problem"], row["role"]) == (problem, role)}
