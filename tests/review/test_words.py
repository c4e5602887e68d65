"""Both languages say the same: every key in both, the same places in every sentence, a word for whatever is shown."""

import re

import pytest

from pipeline.register.lifecycle import State
from pipeline.review.summary import Interval, Kind
from pipeline.review.words import Words, holes
from pipeline.review.writing import Writer, number
from tests.conftest import ROOT

ZH, EN = Words("zh"), Words("en")
HAN = re.compile("[\u4e00-\u9fff]")


def test_both_languages_have_the_same_keys_and_places():
    assert ZH.keys() == EN.keys()
    keys = ZH.keys()
    differing = {key for key in keys if holes(ZH(key)) != holes(EN(key))}
    assert not differing


def test_every_state_of_the_register_has_a_name():
    assert all(ZH.has(f"state.{state}") for state in State)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_table_column_and_finding_of_a_summary_has_words(sample_review, lang):
    summary = sample_review[0].summary
    writer = Writer(summary, lang)
    for section in summary.sections:
        for finding in section.findings:
            assert "{" not in writer.sentence(finding)
        for table in section.tables:
            assert writer.words(f"table.{table.id}")
            for column in table.columns:
                assert writer.heading(column) != column.id or column.id == "problem"
            codes = {
                row[place] for place, one in enumerate(table.columns) if one.kind is Kind.CODE for row in table.rows
            }
            assert {code for code in codes if not writer.words.has(f"code.{code}")} == set()


def test_nothing_in_the_chinese_page_is_left_in_english(sample_page):
    shown = re.sub(r"<(style|script|svg)\b.*?</\1>|<[^>]+>", " ", sample_page.read_text(encoding="utf-8"), flags=re.S)
    left = {word for word in re.findall(r"\b[a-z]{4,}(?: [a-z]{3,})+\b", shown)}
    assert left == set()


def test_figures_are_written_as_people_read_them(summary):
    writer = Writer(summary, "zh")
    assert writer.cell(Kind.SHARE, Interval(0.123, 0.1, 0.15)) == "12.3%（10.0–15.0）"
    assert writer.cell(Kind.COUNT, 1523) == "1,523"
    assert writer.cell(Kind.RATIO, Interval(None, 0, 1)) == "–"
    assert number(Kind.NUMBER, 0.02, "zh") == "<0.1"
    assert number(Kind.POINTS, -0.031, "zh") == "−3.1"


def test_the_words_of_the_pack_are_in_the_wheel():
    setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    assert "pipeline.review =\n    *.toml\n    page/*" in setup
