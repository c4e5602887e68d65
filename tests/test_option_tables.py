"""Tables of the settings file as options: typed, and every mistake told in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

import pytest

from pipeline.errors import SettingsError
from pipeline.messages import translated
from pipeline.option_tables import options_from
from pipeline.workflow.insights.making import insight_options


class Step(StrEnum):
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Inner:
    least: int = 3


@dataclass(frozen=True)
class Wanted:
    name: str = "a"
    share: float = 0.5
    many: tuple[int, ...] = (1, 2)
    pair: tuple[int, str] = (1, "x")
    step: Step = Step.DAY
    level: Literal["top", "own"] = "top"
    since: date | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    inner: Inner = field(default_factory=Inner)
    strict: bool = False

    def __post_init__(self) -> None:
        if self.share > 1:
            raise ValueError(f"share is {self.share}, more than all")


def made(**table):
    return options_from(Wanted, table, "genyin.toml, [insights.wanted]")


def test_every_kind_of_value_is_read():
    found = made(
        name="b",
        share=1,
        many=[5],
        pair=[2, "y"],
        step="month",
        level="own",
        since=date(2026, 3, 1),
        weights={"tier": 2},
        inner={"least": 9},
        strict=True,
    )
    expected = Wanted("b", 1.0, (5,), (2, "y"), Step.MONTH, "own", date(2026, 3, 1), {"tier": 2.0}, Inner(9), True)
    assert found == expected
    assert made() == Wanted()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"shares": 1}, "[insights.wanted]: there is no key 'shares'. Known are: name, share, many"),
        ({"name": 3}, '[insights.wanted]: name = 3 cannot be used here; give a text, for example "a".'),
        ({"share": True}, "share = True cannot be used here; give a number, for example 0.5."),
        ({"share": 2}, "genyin.toml, [insights.wanted] cannot be used: share is 2.0, more than all."),
        ({"many": [1, "x"]}, "give a list, for example [1, 2]."),
        ({"pair": [1]}, 'give a list, for example [1, "x"].'),
        ({"step": "year"}, "give 'day' / 'month', for example \"day\"."),
        ({"level": "all"}, "give 'top' / 'own', for example \"top\"."),
        ({"since": "gestern"}, "give a date, for example None."),
        ({"inner": 4}, "inner = 4 cannot be used here; give a table"),
        ({"inner": {"most": 4}}, "[insights.wanted.inner]: there is no key 'most'. Known are: least."),
        ({"strict": 1}, "give true or false, for example false."),
        ({"weights": {"tier": "x"}}, "weights = {'tier': 'x'} cannot be used here; give a table"),
    ],
)
def test_a_mistake_is_told_with_its_place(table, message):
    with pytest.raises(SettingsError, match=re.escape(message)) as told:
        made(**table)
    assert re.search("[\u4e00-\u9fff]", translated(str(told.value), "zh"))


def test_shared_tables_hold_for_all_sections_but_those_with_their_own():
    found = insight_options({"calendar": {"day_cut": 16}, "trend": {"calendar": {"day_cut": 8}}})
    assert (found.bursts.calendar.day_cut, found.brief.calendar.day_cut, found.trend.calendar.day_cut) == (16, 16, 8)


def test_a_section_nobody_knows_is_an_error():
    with pytest.raises(
        SettingsError, match=r"there is no section \[insights\.pareot\]\. Known are: calendar, channels"
    ):
        insight_options({"pareot": {}})
