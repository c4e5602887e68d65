"""Small invented tables of complaints for the tests of this folder."""

from datetime import date, datetime, timedelta

import numpy as np

from pipeline.insights.calendar import day_of_month
from pipeline.insights.cases import make_cases
from pipeline.insights.series import Daily
from pipeline.insights.workdays import day_kinds


def cases_of(rows, problems=()):
    """Cases of one dict per complaint; a day stands for its noon."""
    names = sorted({name for row in rows for name in row})
    columns = {name: [_noon(row.get(name)) for row in rows] for name in names}
    columns.setdefault("id", [f"KF{i}" for i in range(len(rows))])
    return make_cases(columns, problems, rows=len(rows))


def _noon(value):
    return datetime(value.year, value.month, value.day, 12) if type(value) is date else value


def day(number, start=date(2026, 1, 1)):
    return start + timedelta(days=number)


def quiet_years(seed, problems, rate, dispersion=1.0, start="2025-01-01", days=365):
    """Series of a year without events: weekends and holidays at 60 %, the 1st and 2nd at 250 %, the bill at 130 %."""
    rng = np.random.default_rng(seed)
    dates = np.datetime64(start) + np.arange(days).astype("timedelta64[D]")
    kinds, number = day_kinds(dates), day_of_month(dates)
    usual = np.where(np.isin(kinds.kinds, (5, 6, 7)), 0.6, 1.0) * np.where(number <= 2, 2.5, 1.0)
    usual = usual * np.where((number >= 26) | (number <= 5), 1.3, 1.0)
    mean = np.broadcast_to(rate * usual / usual.mean(), (problems, days))
    more = dispersion - 1
    counts = rng.negative_binomial(mean / more, 1 / dispersion) if more else rng.poisson(mean)
    ids = ("network", *(f"P{i}" for i in range(problems)))
    return Daily(
        dates,
        ("category", *("problem" for _ in range(problems))),
        ids,
        np.zeros(problems + 1, np.int64),
        np.vstack([counts.sum(axis=0), counts]),
        np.zeros(days, np.int64),
    )
