"""Mass incidents are found where they are, with their complaints and no others, and nowhere else."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.problems.incidents import incidents
from pipeline.problems.rhythm import DAY, HOUR, Rhythm
from pipeline.records import Role
from tests.problems.cause_side import complaints, dump, planted, taken

START = np.datetime64("2026-01-05T00:00:00")
CITIES = ("滨城", "临江", "东港", "柳河", "平原")
KINDS = ("network", "billing", "attitude")


def quiet(chance, days=180, a_day=8.0, cities=CITIES, clumps=0.0):
    """Quiet days: more complaints by day and on working days; with ``clumps``, a city's days differ by themselves."""
    weekday = np.array([1.2, 1.2, 1.1, 1.0, 1.0, 0.5, 0.4])
    hours = np.array([0.2] * 7 + [1, 2, 3, 3, 2, 1, 2, 3, 3, 2, 2, 1.5, 1.5, 1, 0.7, 0.4, 0.2])
    times, places = [], []
    for day in range(days):
        for number, city in enumerate(cities):
            usual = a_day * weekday[day % 7] * (2 if number == 0 else 1) / (len(cities) + 1)
            wild = chance.gamma(1 / clumps**2, clumps**2) if clumps else 1.0
            for _ in range(chance.poisson(usual * wild)):
                second = chance.choice(24, p=hours / hours.sum()) * HOUR + chance.integers(HOUR)
                times.append(day * DAY + second)
                places.append(f"{city}市" if chance.random() < 0.5 else city)
    return dated(times, places, chance.choice(KINDS, len(times), p=[0.5, 0.3, 0.2]).tolist())


def dated(times, places, kinds):
    return complaints(
        len(times),
        times=START.astype("datetime64[s]") + np.array(times, "timedelta64[s]"),
        categories=kinds,
        columns={Role.INCIDENT_REGION: places},
    )


def with_incident(held, chance, many, hours, city="临江", day=60, kind="network"):
    """``many`` more complaints from a city from 8 o'clock on that day, at the end of the dump."""
    seconds = np.sort(day * DAY + 8 * HOUR + chance.integers(0, hours * HOUR, many))
    more = dated(seconds, [city + "市" * (n % 2) for n in range(many)], [kind] * many)
    return replace(
        complaints(len(held) + many),
        times=np.concatenate([held.times, more.times]),
        categories=[*held.categories, *more.categories],
        columns={Role.INCIDENT_REGION: [*held.columns[Role.INCIDENT_REGION], *more.columns[Role.INCIDENT_REGION]]},
    )


def new_ones(held, many):
    return set(range(len(held) - many, len(held)))


@pytest.mark.parametrize("clumps", [0.0, 0.4])
def test_quiet_half_years_have_no_incident(clumps):
    found = [len(incidents(quiet(np.random.default_rng(seed), clumps=clumps, a_day=10))) for seed in range(20)]
    assert sum(map(bool, found)) <= 1, found


@pytest.mark.parametrize(("many", "hours"), [(15, 6), (20, 24), (30, 48), (80, 72)])
def test_an_outage_is_found_with_its_complaints(many, hours):
    chance = np.random.default_rng(many)
    held = with_incident(quiet(chance), chance, many, hours)
    (found,) = incidents(held)
    assert (found.role, found.value, found.category) == (Role.INCIDENT_REGION, "临江", "network")
    ours = new_ones(held, many)
    assert len(ours & set(found.members)) >= 0.8 * many
    assert len(ours & set(found.members)) >= 0.8 * len(found.members)
    assert found.observed >= 2 * found.expected
    assert found.p < 0.01
    assert found.start == held.times[found.members].min().item()
    assert found.end == held.times[found.members].max().item()
    assert found.where.startswith("临江 2026-03-06")


def test_an_outage_of_ten_days_is_one_incident():
    chance = np.random.default_rng(3)
    held = with_incident(quiet(chance), chance, 200, 240)
    (found,) = incidents(held)
    assert len(new_ones(held, 200) & set(found.members)) >= 180
    assert (found.end - found.start).days >= 8


def test_two_outages_of_one_region_are_two_incidents():
    chance = np.random.default_rng(3)
    held = with_incident(with_incident(quiet(chance), chance, 40, 24, day=40), chance, 30, 24, day=120)
    first, second = incidents(held)
    assert (first.start.date(), second.start.date()) == (datetime(2026, 2, 14).date(), datetime(2026, 5, 5).date())
    assert not set(first.members) & set(second.members)


def test_a_busy_day_everywhere_is_no_incident():
    chance = np.random.default_rng(4)
    held = quiet(chance)
    for city in CITIES:
        held = with_incident(held, chance, 60 if city == CITIES[0] else 30, 12, city=city)
    assert incidents(held) == []


def test_one_customer_calling_all_day_is_no_incident():
    chance = np.random.default_rng(5)
    held = with_incident(quiet(chance), chance, 40, 12)
    ours = new_ones(held, 40)
    alone = replace(held, customers=["again" if row in ours else name for row, name in enumerate(held.customers)])
    assert len(incidents(held)) == 1
    assert incidents(alone) == []
    unknown = replace(held, customers=["" if row in ours else name for row, name in enumerate(held.customers)])
    assert len(incidents(unknown)) == 1


def test_what_is_usual_in_the_region_stays_out():
    """In a busy region, complaints of a category that is not in excess are none of the incident's."""
    chance = np.random.default_rng(6)
    held = with_incident(quiet(chance, a_day=120), chance, 150, 24)
    (found,) = incidents(held)
    assert {held.categories[row] for row in found.members} == {"network"}
    assert len(new_ones(held, 150) & set(found.members)) >= 120


def test_the_usual_causes_of_the_category_stay_out_too():
    chance = np.random.default_rng(7)
    held = with_incident(quiet(chance, a_day=120), chance, 150, 24)
    causes = chance.integers(1, 9, len(held))
    causes[sorted(new_ones(held, 150))] = 0
    shares = np.eye(9, dtype=np.float32)[causes]
    (found,) = incidents(replace(held, causes=tuple("abcdefghi"), cause_shares=shares))
    ours = new_ones(held, 150) & set(found.members)
    assert len(ours) >= 120
    assert len(ours) >= 0.95 * len(found.members)


def test_the_finest_place_that_holds_it_is_named():
    chance = np.random.default_rng(8)
    held = with_incident(quiet(chance), chance, 40, 24)
    ours = new_ones(held, 40)
    places = [
        f"{city}{chance.choice(['老城区', '新城区', '高新区'])}" if row not in ours else f"{city}老城区解放路{row}号"
        for row, city in enumerate(held.columns[Role.INCIDENT_REGION])
    ]
    (found,) = incidents(replace(held, columns={**held.columns, Role.PLACE: places}))
    assert (found.role, found.value) == (Role.PLACE, "临江老城区解放路")


def test_dates_without_hours_will_do():
    chance = np.random.default_rng(9)
    held = with_incident(quiet(chance), chance, 40, 14)
    days = replace(held, times=held.times.astype("datetime64[D]").astype("datetime64[s]"))
    (found,) = incidents(days)
    assert new_ones(held, 40) <= set(found.members)


def test_a_history_of_four_days_will_do():
    chance = np.random.default_rng(10)
    held = with_incident(quiet(chance, days=4, a_day=40), chance, 80, 12, day=2)
    (found,) = incidents(held)
    assert found.value == "临江"
    assert len(new_ones(held, 80) & set(found.members)) >= 64


def test_one_region_alone_is_compared_with_its_own_past():
    chance = np.random.default_rng(11)
    held = with_incident(quiet(chance, cities=("临江",)), chance, 60, 24)
    (found,) = incidents(held)
    assert len(new_ones(held, 60) & set(found.members)) >= 48
    assert incidents(quiet(chance, cities=("临江",))) == []


def test_too_little_to_tell_is_no_incident():
    chance = np.random.default_rng(12)
    held = quiet(chance)
    assert incidents(complaints(0)) == []
    assert incidents(taken(held, np.arange(3))) == []
    assert incidents(replace(held, columns={})) == []
    assert incidents(replace(held, times=np.full(len(held), np.datetime64("NaT", "s")))) == []
    one_day = replace(held, times=START.astype("datetime64[s]") + chance.integers(0, DAY, len(held)))
    assert incidents(one_day) == []
    one_moment = replace(held, times=np.full(len(held), START.astype("datetime64[s]")))
    assert incidents(one_moment) == []


def test_rows_in_another_order_give_the_same():
    chance = np.random.default_rng(13)
    held = with_incident(quiet(chance), chance, 40, 24)
    order = chance.permutation(len(held))
    (one,), (other,) = incidents(held), incidents(taken(held, order))
    assert (one.value, one.start, one.end, one.p, one.expected) == (
        other.value,
        other.start,
        other.end,
        other.p,
        other.expected,
    )
    assert set(one.members) == set(order[other.members])


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 10**8), st.sampled_from(["", "滨城", "滨城市高新区"]), st.sampled_from(["", "a", "b"])
        ),
        max_size=40,
    )
)
def test_any_few_complaints_are_taken(rows):
    held = replace(
        dated([time for time, _, _ in rows], [place for _, place, _ in rows], ["network"] * len(rows)),
        customers=[customer for _, _, customer in rows],
    )
    found = incidents(held, 3)
    members = [row for one in found for row in one.members.tolist()]
    assert len(members) == len(set(members))


# --- the rhythm


def test_the_rhythm_knows_nights_and_weekends():
    seconds = np.sort(quiet(np.random.default_rng(0), days=364).times.astype(np.int64))
    rhythm = Rhythm.of(seconds)
    monday = int(START.astype("datetime64[s]").astype(np.int64)) + 7 * DAY
    night, morning, sunday = (
        rhythm.part(np.array([start]), np.array([start + 4 * HOUR]))[0]
        for start in (monday + HOUR, monday + 8 * HOUR, monday + 6 * DAY + 8 * HOUR)
    )
    assert morning > 5 * night
    assert morning > 2 * sunday
    whole = rhythm.part(seconds[:1], seconds[-1:] + 1)[0]
    assert whole == pytest.approx(1, abs=1e-3)


def test_days_that_differ_by_themselves_make_clumps():
    clumps = [
        Rhythm.of(seconds).clump(seconds)
        for wild in (0.0, 0.5)
        for seconds in [
            np.sort(quiet(np.random.default_rng(1), a_day=60, cities=("滨城",), clumps=wild).times).astype(int)
        ]
    ]
    assert clumps[0] < 1.5
    assert clumps[1] > 4


# --- the sample dump


def test_the_planted_outage_of_the_sample_dump_is_its_only_incident():
    (found,) = incidents(dump())
    members = planted("outage")
    assert (found.role, found.value) == (Role.PLACE, "滨城西海岸区")
    assert len(members & set(found.members)) >= 0.8 * len(members)
    assert len(members & set(found.members)) >= 0.9 * len(found.members)
    assert not planted("outage", "negative") & set(found.members)
    assert found.where == "滨城西海岸区 2026-05-13–2026-05-14"


def test_another_systems_dump_has_none():
    assert incidents(dump("sample_network_orders.csv")) == []
