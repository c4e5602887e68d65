"""The brief as people read it, and the table of what is missing."""

from datetime import date

from pipeline.insights.brief import Brief, Concentration, Part
from pipeline.insights.calendar import Period
from pipeline.insights.cases import Missing
from pipeline.insights.daily_repeats import RegionOfDay
from pipeline.workflow.insights.words import brief_text, header, missing_rows

DAY = date(2026, 3, 31)
FULL = Brief(
    Period(DAY, DAY),
    1234,
    channels=(Part("热线", 1200), Part("12300", 30), Part("", 4)),
    cities=(Part("滨城", 900),),
    concentrations=(
        Concentration("outage", "P-0001", "断网", "滨城", DAY, DAY, 35, 0.31),
        Concentration("category", "billing", "billing", "", date(2026, 3, 30), DAY, 60, 12.3),
    ),
    judged=True,
    repeats=(RegionOfDay("滨城", 900, 2, 1, 0), RegionOfDay("", 4, 0, 0, 1)),
)


def test_the_brief_in_chinese():
    assert brief_text(FULL, "zh") == (
        "2026年3月31日受理投诉1,234件，其中热线 1,200件、12300 30件、未知 4件；较多的地市：滨城 900件；"
        "集中投诉：滨城疑似大面积故障（断网） 2026-03-31 35件，通常0.3件、"
        "资费账务 2026-03-30–2026-03-31 60件，通常12.3件；"
        "重复投诉号码4个：滨城 3个（2次2个、3次1个）、未知 1个（4次及以上1个）。"
    )


def test_the_brief_in_english():
    assert brief_text(FULL, "en") == (
        "2026-03-31: complaints 1,234, of them 热线 1,200, 12300 30, unknown 4; busiest: 滨城 900; "
        "concentrations: possible mass outage in 滨城 (断网) 2026-03-31 35 where 0.3 are usual, "
        "Billing 2026-03-30–2026-03-31 60 where 12.3 are usual; "
        "numbers that complained again 4: 滨城 3 (2 twice, 1 three times), unknown 1 (1 four times or more)."
    )


def test_nothing_found_is_said_only_where_it_was_looked_for():
    quiet = Brief(Period(date(2026, 3, 1), DAY), 5, judged=True)
    assert "未发现集中投诉" in brief_text(quiet, "zh")
    assert brief_text(quiet, "zh").startswith("2026年3月1日至2026年3月31日受理投诉5件；")
    unjudged = Brief(Period(DAY, DAY), 5, missing=(Missing("brief_repeats", ("customer",)),))
    assert brief_text(unjudged, "zh") == "2026年3月31日受理投诉5件；历史数据不足，无法判断有无集中投诉。"
    assert brief_text(Brief(None, 0), "en") == "The dump has no acceptance time, so there is no brief."


def test_what_is_missing_is_named_once_in_both_languages():
    missing = [("counting", Missing("customers", ("customer", "contact")))] * 2
    assert missing_rows(missing, "en")[1] == [("what counts", "distinct customers", "customer number, contact number")]
    headers, rows = missing_rows(missing, "zh")
    assert headers == ("部分", "缺少的指标", "需要的列或文件")
    assert rows == [("计数口径", "客户数", "客户号码（受理号码）、联系电话")]


def test_a_field_may_be_called_otherwise_in_one_table():
    assert [header("place", "zh", table) for table in ("survey_weak", "places_places")] == ["位次", "投诉地址"]
    assert [header("rows", "zh", table) for table in ("value_call_on", "daily_repeats_repeaters")] == ["所在行"] * 2
    assert header("place", "en", "survey_weak") == "place"


def test_missing_users_of_a_business_are_told_in_chinese():
    gone = ("user_rates", Missing("rates of business enterprise", ("subscribers: enterprise",)))
    assert missing_rows([gone], "zh")[1] == [("万投比与百万用户申诉率", "政企业务的万投比", "用户数表中的政企用户数")]
    assert missing_rows([gone], "en")[1][0][1:] == ("rates of business enterprise", "subscribers: enterprise")
