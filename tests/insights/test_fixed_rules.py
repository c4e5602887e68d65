"""The rules of thumb of the complaint desks, each by its own limit."""

from datetime import date

from pipeline.insights.calendar import Period
from pipeline.insights.cases import Missing
from pipeline.insights.fixed_rules import FixedHit, FixedRulesOptions, fixed_rules
from tests.insights.invented import cases_of

FEBRUARY, MARCH = Period(date(2026, 2, 1), date(2026, 2, 28)), Period(date(2026, 3, 1), date(2026, 3, 31))


def some(count, day, **cells):
    return [{"accepted": day, **cells} for _ in range(count)]


def found(rows, options=None):
    # a complaint at either end makes February and March whole
    ends = [*some(1, date(2026, 2, 1), cause="z"), *some(1, date(2026, 3, 31), cause="z")]
    return fixed_rules(cases_of([*ends, *rows]), options or FixedRulesOptions())


def test_five_of_a_cause_in_the_period_are_a_hot_spot_beside_the_count_of_the_period_before():
    rows = [
        *some(5, date(2026, 3, 5), cause="a"),
        *some(4, date(2026, 3, 5), cause="b"),
        *some(2, date(2026, 2, 5), cause="a"),
    ]
    assert found(rows).of("keyword") == (FixedHit("keyword", "a", MARCH, 5, 2),)


def test_more_than_ten_of_a_city_on_a_day():
    rows = [
        *some(11, date(2026, 3, 5), region="滨城"),
        *some(10, date(2026, 3, 6), region="滨城"),
        *some(12, date(2026, 3, 6), region="北屯"),
    ]
    days = [(one.what, one.when.start.day, one.count) for one in found(rows).of("city_day")]
    assert days == [("北屯", 6, 12), ("滨城", 5, 11)]


def test_more_than_five_hundred_of_a_label_in_a_month():
    rows = [*some(501, date(2026, 2, 5), label_path="x > y"), *some(500, date(2026, 3, 5), label_path="x > y")]
    assert found(rows).of("label_month") == (FixedHit("label_month", "x > y", FEBRUARY, 501),)


def test_half_more_or_half_less_and_enough_of_it():
    rows = [
        *some(10, date(2026, 2, 5), cause="half less"),
        *some(5, date(2026, 3, 5), cause="half less"),
        *some(6, date(2026, 2, 5), cause="half more"),
        *some(9, date(2026, 3, 5), cause="half more"),
        *some(2, date(2026, 2, 5), cause="few"),
        *some(4, date(2026, 3, 5), cause="few"),
        *some(20, date(2026, 2, 5), cause="less than half"),
        *some(28, date(2026, 3, 5), cause="less than half"),
        *some(3, date(2026, 3, 5), cause="first seen"),
    ]
    # 50 complaints in March: at least 5 % of them, but not less than 3
    changes = [(one.what, one.count, one.before) for one in found(rows).of("change")]
    assert changes == [("half less", 5, 10), ("first seen", 3, 0), ("half more", 9, 6)]


def test_without_causes_the_operators_label_is_the_keyword():
    rows = some(6, date(2026, 3, 5), label_path="x > y")
    told = fixed_rules(cases_of(rows))
    assert told.keywords_from == "label_path"
    assert told.of("keyword") == (FixedHit("keyword", "x > y", Period(date(2026, 3, 5), date(2026, 3, 5)), 6),)


def test_the_limits_are_options():
    rows = some(4, date(2026, 3, 5), cause="a", region="滨城")
    told = found(rows, FixedRulesOptions(keyword=4, city_day=3))
    assert [one.rule for one in told.hits if one.what in ("a", "滨城")] == ["keyword", "city_day", "change"]


def test_without_times_no_rule_applies():
    told = fixed_rules(cases_of([{"cause": "a"}]))
    assert (told.hits, told.period) == ((), None)
    assert Missing("city_day", ("accepted", "region")) in told.missing
