from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.files.values import parse_flag, parse_tier, parse_time

MOMENT = datetime(2019, 3, 7, 17, 18, 50)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019/3/7 17:18:50", MOMENT),
        ("2019-03-07 17:18:50", MOMENT),
        ("2019-03-07 17:18:50.123", MOMENT),
        ("2019-03-07T17:18:50", MOMENT),
        ("2019-03-07T17:18:50+08:00", MOMENT),
        ("2019-03-07T09:18:50Z", MOMENT),
        ("2019/3/7 下午 5:18:50", MOMENT),
        ("2019年3月7日 17时18分50秒", MOMENT),
        ("2019.3.7 17:18:50", MOMENT),
        ("20190307171850", MOMENT),
        ("2019/3/7 5:18:50 PM", MOMENT),
        ("1551950330000", MOMENT),
        (" 2019-03-07 ", datetime(2019, 3, 7)),
        ("2020年1月6日", datetime(2020, 1, 6)),
        ("20200101", datetime(2020, 1, 1)),
        ("202001011230", datetime(2020, 1, 1, 12, 30)),
        ("2020/01/01 15", datetime(2020, 1, 1, 15)),
        ("2020-1-1 上午12:05", datetime(2020, 1, 1, 0, 5)),
        ("2020-1-1 中午12:05", datetime(2020, 1, 1, 12, 5)),
        ("2020-1-1 中午11:50", datetime(2020, 1, 1, 11, 50)),
        ("43531", datetime(2019, 3, 7)),
        ("43531.5", datetime(2019, 3, 7, 12)),
    ],
)
def test_mixed_times(text, expected):
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text", ["", "昨天", "2019-13-01", "2019-02-30", "12345678", "99999", "0", "13900001111", "7/3"]
)
def test_unreadable_times_are_none(text):
    assert parse_time(text) is None


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))
def test_usual_forms_read_back(moment):
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y年%m月%d日 %H:%M:%S"):
        assert parse_time(moment.strftime(form)) == moment
    days = (moment - datetime(1899, 12, 30)).total_seconds() / 86400
    assert parse_time(f"{days:.8f}") == moment


@settings(deadline=None)
@given(st.text(max_size=30))
def test_parsers_are_total(text):
    parse_time(text)
    assert parse_tier(text) in (None, *range(8))


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        *((f"{stars}星", stars) for stars in range(8)),
        *((f"{stars}00N", stars) for stars in range(1, 8)),
        ("4星黄金", 4),
        ("5星白金", 5),
        ("6星黑金", 6),
        ("7星钻石", 7),
        ("四星", 4),
        ("3", 3),
        ("3.0", 3),
        ("钻卡", 7),
        ("金卡", 4),
        ("银卡", 3),
        ("白金卡", 5),
        ("贵宾", 3),
        ("VIP客户", 3),
        ("svip", 6),
        ("普通客户", 0),
        ("非VIP", 0),
        ("12", None),
        ("8星", None),
        ("未知", None),
    ],
)
def test_tiers(text, stars):
    assert parse_tier(text) == stars


@pytest.mark.parametrize(
    "values", [["是", "否"], ["有", "无", ""], ["Y", "n"], ["TRUE", "FALSE"], ["企业有责", "企业无责"]]
)
def test_words_are_clear(values):
    flag = parse_flag("是否升级", values)
    assert flag.clear
    assert [flag.read(value) for value in values[:2]] == [True, False]
    assert flag.read("") is None


def test_zero_and_one_are_never_guessed():
    flag = parse_flag("是否投诉", ["0", "1"])
    assert not flag.clear
    assert flag.read("0") is None
    assert flag.unknown == ("0", "1")


def test_zero_and_one_are_clear_where_the_table_says_so():
    flag = parse_flag("needs_review", ["0", "1"])
    assert (flag.read("1"), flag.read("0")) == (True, False)


def test_one_unknown_value_makes_a_column_unclear():
    assert not parse_flag("是否解决", ["是", "否", "部分解决"]).clear
