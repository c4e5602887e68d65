"""Dataclasses as JSON values and as tables."""

import json
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pipeline.output.plain import PlainTable, plain, tables_of


class Kind(StrEnum):
    HOT = "hot"


@dataclass(frozen=True, slots=True)
class Day:
    when: date
    count: int


@dataclass(frozen=True, slots=True)
class Rate:
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Spot:
    name: str
    rate: Rate
    tags: tuple[str, ...] = ()
    days: tuple[Day, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    total: int
    kind: Kind
    rate: Rate
    spots: tuple[Spot, ...] = ()
    pairs: tuple[tuple[str, int], ...] = ()
    missing: tuple[Spot, ...] = field(default=())


FOUND = Found(
    3,
    Kind.HOT,
    Rate(0.5, float("inf")),
    (
        Spot("滨城", Rate(1.0, 2.0), ("a", "b"), (Day(date(2026, 3, 1), 2), Day(date(2026, 3, 2), 1))),
        Spot("临江", Rate(0.0, 1.0)),
    ),
    (("x", 1), ("y", 2)),
)


def test_plain_values_are_what_json_writes():
    told = plain(FOUND)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["rate"] == {"value": 0.5, "high": None}
    assert told["spots"][0]["days"][1] == {"when": "2026-03-02", "count": 1}
    assert (told["kind"], told["pairs"]) == ("hot", [["x", 1], ["y", 2]])


def test_every_list_of_rows_is_a_table_and_the_rest_are_figures():
    figures, spots, days = tables_of("found", FOUND, frozenset({"missing"}))
    assert figures == PlainTable(
        "found",
        ("figure", "value"),
        [("total", 3), ("kind", "hot"), ("rate.value", 0.5), ("rate.high", None), ("pairs", "x: 1 | y: 2")],
    )
    assert spots.headers == ("name", "rate.value", "rate.high", "tags", "days")
    assert spots.rows == [("滨城", 1.0, 2.0, "a | b", None), ("临江", 0.0, 1.0, "", "")]
    assert days == PlainTable(
        "found_spots_days", ("of_name", "when", "count"), [("滨城", "2026-03-01", 2), ("滨城", "2026-03-02", 1)]
    )
