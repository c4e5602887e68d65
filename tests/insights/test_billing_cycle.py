"""The days around the bill against the quiet days, by the operators' formula and with its exact interval."""

from datetime import date, timedelta

import pytest
from scipy.stats import beta

from pipeline.insights.billing_cycle import BillingCycleOptions, BillingMonth, billing_cycle
from pipeline.insights.cases import Missing
from tests.insights.invented import cases_of

LABEL = "服务请求 > 移动业务 > 费用质疑"
FIRST, LAST = date(2026, 1, 26), date(2026, 3, 31)


def every_day(peak, quiet, **cells):
    rows = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        count = peak if day.day >= 26 or day.day <= 5 else quiet if 16 <= day.day <= 25 else 0
        rows += [{"accepted": day, "category": "billing", **cells} for _ in range(count)]
    return rows


def test_the_official_rate_month_by_month():
    found = billing_cycle(cases_of(every_day(3, 2, label_path=LABEL)))
    # 26 to 31 January and 1 to 5 February are 11 days, 26 to 28 February and 1 to 5 March 8; quiet days are 10
    assert found.months == (
        BillingMonth(date(2026, 2, 1), 33, 20, pytest.approx((33 - 20) / 33)),
        BillingMonth(date(2026, 3, 1), 24, 20, pytest.approx((24 - 20) / 24)),
    )


def test_the_line_of_all_months_with_its_exact_interval():
    found = billing_cycle(cases_of(every_day(3, 2, label_path=LABEL)))
    official = found.lines[0]
    assert (official.kind, official.peak, official.quiet) == ("official", 57, 40)
    assert official.difference.value == pytest.approx(17 / 57)
    # given 97 complaints the quiet ones are binomial: Clopper-Pearson limits of their share, turned into 1 - odds
    low, high = beta.ppf(0.025, 40, 58), beta.ppf(0.975, 41, 57)
    assert official.difference.low == pytest.approx(1 - high / (1 - high))
    assert official.difference.high == pytest.approx(1 - low / (1 - low))
    # a day: 57 in 19 days against 40 in 20
    assert official.per_day.value == pytest.approx(3 / 2)
    assert not official.follows


def test_a_category_that_follows_the_bill_is_said_to():
    lines = {one.id: one for one in billing_cycle(cases_of(every_day(6, 2))).lines}
    assert lines["billing"].follows
    assert "" not in lines


def test_series_with_few_complaints_are_not_listed():
    cases = cases_of([*every_day(1, 1), {"accepted": FIRST, "category": "other"}])
    assert [one.id for one in billing_cycle(cases).lines] == ["billing"]
    assert billing_cycle(cases, BillingCycleOptions(least=100)).lines == ()


def test_no_month_without_both_windows():
    rows = [one for one in every_day(3, 2, label_path=LABEL) if one["accepted"] < date(2026, 2, 20)]
    assert billing_cycle(cases_of(rows)).months == ()
    assert billing_cycle(cases_of(rows)).lines == ()


def test_a_month_without_complaints_around_the_bill_has_no_rate():
    rows = [
        *every_day(0, 2, label_path=LABEL),
        {"accepted": FIRST, "label_path": "x"},
        {"accepted": LAST, "label_path": "x"},
    ]
    found = billing_cycle(cases_of(rows))
    assert [one.difference for one in found.months] == [None, None]
    assert found.lines[0].difference.value is None


def test_what_a_dump_does_not_have_is_named():
    assert billing_cycle(cases_of([{"category": "billing"}])).missing == (
        Missing("billing_cycle", ("accepted",)),
        Missing("official_billing_cycle", ("label_path",)),
    )
