"""The daily sheet of repeated complaints, counted by hand."""

from datetime import date, datetime

import pytest

from pipeline.insights.cases import make_cases
from pipeline.insights.daily_repeats import DailyRepeatsOptions, daily_repeats

DAY = date(2026, 3, 31)
# (customer, region, accepted)
ROWS = [
    ("a", "江州", "2026-03-01 00:00:00"),  # the first second of the window
    ("a", "江州", "2026-03-31 15:59:59"),  # today
    ("b", "江州", "2026-03-30 16:00:00"),  # the first second of today
    ("b", "江州", "2026-03-30 15:00:00"),
    ("b", "江州", "2026-03-20 09:00:00"),
    ("b", "滨城", "2026-03-31 10:00:00"),  # another region: a key of its own
    ("c", "滨城", "2026-02-28 23:59:59"),  # before the window
    ("c", "滨城", "2026-03-31 11:00:00"),
    ("d", "滨城", "2026-03-10 08:00:00"),  # repeated, but not today
    ("d", "滨城", "2026-03-11 08:00:00"),
    ("", "滨城", "2026-03-31 12:00:00"),  # no number
    ("e", "", "2026-03-31 09:00:00"),
    ("e", "", "2026-03-31 09:30:00"),
    ("e", "", "2026-03-29 09:30:00"),
    ("e", "", "2026-03-28 09:30:00"),
    ("a", "江州", "2026-03-31 16:00:00"),  # tomorrow
]


@pytest.fixture
def cases():
    customers, regions, times = zip(*ROWS, strict=True)
    return make_cases(
        {"customer": customers, "region": regions, "accepted": [datetime.fromisoformat(t) for t in times]}
    )


def test_the_day_as_counted_by_hand(cases):
    found = daily_repeats(cases, DAY)
    assert [(one.customer, one.region, one.rows) for one in found.repeaters] == [
        ("b", "江州", (4, 3, 2)),
        ("a", "江州", (0, 1)),
        ("e", "", (14, 13, 11, 12)),
    ]
    assert [(one.region, one.complaints, one.twice, one.thrice, one.more) for one in found.regions] == [
        ("江州", 2, 1, 1, 0),
        ("滨城", 3, 0, 0, 0),
        ("", 2, 0, 0, 1),
    ]
    # today: a, b in 江州, b and c in 滨城, e twice, one without a number
    assert (found.complaints, found.of_repeaters, found.unusable) == (7, 4, 1)
    assert (str(found.window_start), str(found.since)) == ("2026-03-01 00:00:00", "2026-03-30 16:00:00")


def test_a_monday_takes_three_days_and_regions_keep_their_order(cases):
    found = daily_repeats(cases, DAY, DailyRepeatsOptions(days=3, order=("滨城", "江州", "临江")))
    assert [one.region for one in found.regions] == ["滨城", "江州", "临江", ""]
    # the complaint of 03-29 counts to the three days, that of 03-28 does not
    assert found.regions[-1].complaints == 3
    assert [one.region for one in found.repeaters] == ["江州", "江州", ""]


def test_nothing_is_made_up_without_numbers():
    found = daily_repeats(make_cases({"category": ["billing"]}), DAY)
    assert (found.repeaters, found.regions, found.complaints) == ((), (), 0)
    assert found.missing[0].needs == ("customer", "accepted")
