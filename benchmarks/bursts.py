"""False alarms of the bursts in years without any event, and how often real ones are seen.

usage: python benchmarks/bursts.py [--problems 2000] > benchmarks/bursts.md
"""

import argparse
from dataclasses import replace

import numpy as np

from pipeline.insights.alarms import find_alarms
from pipeline.insights.calendar import day_of_month
from pipeline.insights.ears import ears_limits
from pipeline.insights.seasons import day_factors
from pipeline.insights.series import Daily
from pipeline.insights.workdays import day_kinds

RATES = (0.2, 0.5, 1, 2, 5, 10, 30, 100)
DISPERSIONS = (1.0, 1.5, 2.0, 3.0)
EVENTS = ("+5 on a day", "+10 on a day", "twice as many for a week", "three times as many for a week")
DAYS, EVENT_DAY, GAP = 365, 200, 2


def quiet_year(seed: int, problems: int, rate: float, dispersion: float, season: bool = True) -> Daily:
    """A year of problems of one category; with a season: rest days at 60 %, the 1st and 2nd 2.5 times, 26th-5th 1.3."""
    rng = np.random.default_rng(seed)
    days = np.datetime64("2025-01-01") + np.arange(DAYS).astype("timedelta64[D]")
    number = day_of_month(days)
    usual = np.where(np.isin(day_kinds(days).kinds, (5, 6, 7)), 0.6, 1.0) * np.where(number <= 2, 2.5, 1.0)
    usual = usual * np.where((number >= 26) | (number <= 5), 1.3, 1.0) if season else np.ones(DAYS)
    mean = np.broadcast_to(rate * usual / usual.mean(), (problems, DAYS))
    more = dispersion - 1
    counts = rng.negative_binomial(mean / more, 1 / dispersion) if more else rng.poisson(mean)
    kinds = ("category", *("problem" for _ in range(problems)))
    ids = ("c", *(f"p{number}" for number in range(problems)))
    pools, none = np.zeros(problems + 1, np.int64), np.zeros(DAYS, np.int64)
    return Daily(days, kinds, ids, pools, np.vstack([counts.sum(axis=0), counts]), none)


def alarms(year: Daily) -> np.ndarray:
    found = find_alarms(year.counts, day_factors(year, day_kinds(year.days)), ears_limits(year.counts))
    return (found.by_day | found.by_week)[1:]


def bursts_per_year(alarm: np.ndarray) -> np.ndarray:
    begins = alarm.copy()
    for shift in range(1, GAP + 1):
        begins[:, shift:] &= ~alarm[:, :-shift]
    return begins.sum(axis=1)


def with_event(year: Daily, event: str, rate: float) -> tuple[Daily, slice]:
    rng, counts = np.random.default_rng(9), year.counts.copy()
    problems = len(counts) - 1
    if event.startswith("+"):
        seen, mean = slice(EVENT_DAY, EVENT_DAY + 1), float(event.split()[0])
    else:
        seen, mean = slice(EVENT_DAY, EVENT_DAY + 7), rate * (1 if event.startswith("twice") else 2)
    extra = rng.poisson(mean, (problems, seen.stop - seen.start))
    counts[1:, seen] += extra
    counts[0, seen] += extra.sum(axis=0)
    return replace(year, counts=counts), seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=2000)
    problems = parser.parse_args().problems
    print("# Bursts: false alarms and true ones\n")
    print("Made by `python benchmarks/bursts.py`. Complaints a day and problem down, variance over mean across;")
    print("weekend, holiday and billing-day pattern.\n")
    print(f"## False bursts per problem and year ({problems:,} years each; in brackets the years with more than one)\n")
    print("| a day |" + "".join(f" {one} |" for one in DISPERSIONS) + "\n|---|" + "---|" * len(DISPERSIONS))
    for rate in RATES:
        years = [bursts_per_year(alarms(quiet_year(1, problems, rate, one))) for one in DISPERSIONS]
        print(f"| {rate} |" + "".join(f" {one.mean():.3f} ({(one > 1).mean():.1%}) |" for one in years))
    print("\n## Share of events seen, variance 1 / 2 times the mean\n")
    print("| a day |" + "".join(f" {one} |" for one in EVENTS) + "\n|---|" + "---|" * len(EVENTS))
    for rate in (0.2, 1, 5, 20):
        cells = []
        for event in EVENTS:
            pairs = [with_event(quiet_year(5, problems // 4, rate, one), event, rate) for one in (1.0, 2.0)]
            cells.append(" / ".join(f"{alarms(year)[:, seen].any(axis=1).mean():.2f}" for year, seen in pairs))
        print(f"| {rate} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
