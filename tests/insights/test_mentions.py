"""Mentions: the names of operators and not the ordinary words they are, counted by problem."""

import csv

import pytest

from pipeline.errors import SettingsError
from pipeline.insights.cases import Missing, make_cases
from pipeline.insights.gazetteer import load_gazetteer
from pipeline.insights.mentions import MentionsOptions, mentions


def named(text):
    return {entry.id for entry in load_gazetteer() if entry.kind == "operator" and entry.find(text)}


@pytest.mark.parametrize(
    ("text", "operators"),
    [
        ("再不解决我就转到移动去", {"移动"}),
        ("移动的信号就是比你们好", {"移动"}),
        ("打了幺零零八六说没办法", {"移动"}),
        ("楼下都是移动、联通，就你们没信号", {"移动", "联通"}),
        ("小区宽带被电信垄断", {"电信"}),
        ("隔壁用10000号的宽带", {"电信"}),
        ("换成中国广电了", {"广电"}),
        ("长城宽带都比你们快", {"长城宽带"}),
        ("送我一个移动硬盘和移动电源", set()),
        ("桌子不能移动，画面移动稍微快点就卡", set()),
        ("附近要建移动通信基站", set()),
        ("开了移动数据还是上不了网", set()),
        ("说我涉嫌电信诈骗停了机", set()),
        ("违反了电信条例，要向电信管理局投诉", set()),
        ("转到其他电信公司去", set()),
        ("新修的道路联通了两岸", set()),
        ("国家广电总局的规定", set()),
        ("订单号110100861234", set()),
        ("给师傅10086个赞", set()),
        ("", set()),
    ],
)
def test_an_operator_is_not_the_ordinary_word(text, operators):
    assert named(text) == operators


@pytest.fixture(scope="module")
def cases():
    return make_cases(
        {
            "text": ["要转到移动去", "要转到移动去", "移动的卡便宜，宽带也快", "宽带断了", "电信诈骗"],
            "copy_of": [0, 0, 2, 3, 4],
            "customer": ["a", "a", "b", "", ""],
            "category": ["billing", "billing", "network", "network", "other"],
            "problem": ["P2", "P2", "P1", "P1", ""],
            "competitor": ["", "移动", "", "移动", ""],
        },
        [{"id": "P1", "parent": ""}, {"id": "P2", "parent": "P1"}],
    )


def test_mentions_are_counted_by_hand(cases):
    found = mentions(cases, MentionsOptions(own="电信"))
    (rival,) = found.operators
    assert (rival.id, rival.role, rival.rows, rival.customers, rival.texts) == ("移动", "competitor", 3, 2, 2)
    assert rival.by_category == (("billing", 2), ("network", 1))
    assert rival.by_problem == (("P1", 3), ("P2", 2))
    # 3 of 4 complaints of P1 and its part, 2 of 2 of the part, 3 of 5 of all
    assert rival.lift == (1.25, 1.667)
    assert (rival.in_column, rival.in_both) == (2, 1)
    assert rival.quotes == ("要转到移动去", "移动的卡便宜，宽带也快")
    assert found.competitors == 3
    assert [(one.id, one.rows, one.role) for one in found.products] == [("宽带", 2, "product")]


def test_without_the_own_operator_nobody_is_called_a_competitor(cases):
    found = mentions(cases)
    assert found.competitors is None
    assert found.operators[0].role == "operator"
    assert Missing("mentions of competitors", ("mentions.own",)) in found.missing


def test_without_texts_there_are_no_mentions():
    found = mentions(make_cases({"category": ["billing"]}))
    assert (found.operators, found.products) == ((), ())
    assert Missing("mentions of operators and products", ("text",)) in found.missing


def test_wrong_settings_are_told(cases, tmp_path):
    with pytest.raises(ValueError, match="no operator '城通'; it has 移动, 联通"):
        mentions(cases, MentionsOptions(own="城通"))
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read"):
        mentions(cases, MentionsOptions(gazetteer=str(tmp_path / "none.toml")))
    (tmp_path / "own.toml").write_text("format = 1\n[[operator]]\nid = 'x'\ncolour = 1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="the entry x cannot be used"):
        mentions(cases, MentionsOptions(gazetteer=str(tmp_path / "own.toml")))
    (tmp_path / "own.toml").write_text("format = 1\n[[operator]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="not valid TOML"):
        mentions(cases, MentionsOptions(gazetteer=str(tmp_path / "own.toml")))


def test_an_own_gazetteer_takes_the_place_of_the_shipped_one(cases, tmp_path):
    own = tmp_path / "names.toml"
    own.write_text("format = 1\n[[operator]]\nid = '城通'\nnames = ['要转到']\n", encoding="utf-8")
    found = mentions(cases, MentionsOptions(gazetteer=str(own)))
    assert [(one.id, one.rows) for one in found.operators] == [("城通", 2)]


def test_real_texts_name_operators_and_discs(real_data):
    def column(file, name):
        with (real_data / file).open(encoding="utf-8-sig", newline="") as stream:
            return [row[name] for row in csv.DictReader(stream)]

    calls = mentions(make_cases({"text": column("telecom_dev.csv", "text")}))
    assert {one.id: one.rows for one in calls.operators}["移动"] > 20
    discs = [
        text
        for text in column("reviews.csv", "review")
        if "移动硬盘" in text and "移动" not in text.replace("移动硬盘", "")
    ]
    assert len(discs) > 5
    assert not any(named(text) & {"移动"} for text in discs)
