"""Sentences written without the patterns in view, masking after cleaning, and batches against single texts."""

import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.cleaning import Cleaner
from pipeline.text.privacy import Kind, Masker

sys.path.insert(0, str(Path(__file__).parent))

from harmless_second import HARMLESS
from planted import Planted, planted
from planted_second import FIRST, SECOND


def _read(table: str) -> list[Planted]:
    rows = (line.split("|") for line in table.strip().splitlines())
    return [Planted(Kind[kind], value, text.format(value)) for kind, value, text in rows]


BLIND = _read(FIRST) + _read(SECOND)
SENTENCES = [one.text for one in (*planted(each=2, seed=9), *BLIND)]
CUES = st.lists(
    st.sampled_from(
        [
            "先生",
            "工号",
            "微信",
            "单元",
            "qq",
            "ImSi",
            "imei",
            "身份证",
            "号码",
            "艾特",
            "客服",
            "联系人",
            "客户",
            "（机主）",
            "经理",
            "13800138000",
            "一三",
            "501",
            "来电",
            "号",
            "村",
            "路",
            "巷",
            "栋",
            "室",
            "总",
            "工",
            "张",
            "李",
            "伟",
            "丽",
            "叫",
            "我",
            "姓",
            "是",
            "，",
            ":",
            "1",
            "23",
            "-",
            "A",
            "x",
            "@",
            ".",
            "ſ",
            "K",
            "１３",
            "Ａ",
            "楼",
            "层",
            "户",
            "乙",
            "甲",
            "舍",
            "组",
            "门牌",
            "房号",
            "尾号",
            "密码",
            "宽带",
            "账号",
            "护照",
            "沪",
            "粤B",
            "12345",
            "名字",
            "爱人",
            "本人",
            "幺",
            "零",
            "[姓名]",
            "[号码]",
        ]
    )
    | st.sampled_from(["\n", " ", "\u2003", "  "])
    | st.characters(),
    max_size=14,
).map("".join)


@cache
def _masker() -> Masker:
    return Masker()


def _is_hidden(one: Planted) -> bool:
    start = one.text.index(one.value)
    covered = {place for found in _masker().find(one.text) for place in range(found.start, found.end)}
    return all(place in covered or not one.text[place].isalnum() for place in range(start, start + len(one.value)))


def _missed(sentences: list[Planted]) -> list[str]:
    return [f"{one.kind.name} {one.text}" for one in sentences if not _is_hidden(one)]


def test_sentences_written_without_the_patterns_in_view_are_masked() -> None:
    missed = _missed(BLIND)
    assert len(missed) <= 0.02 * len(BLIND), missed


@pytest.mark.parametrize("sentences", [planted(each=20, seed=6), BLIND], ids=["planted", "blind"])
def test_cleaned_text_is_masked_as_well(sentences: list[Planted]) -> None:
    cleaner = Cleaner()
    cleaned = [Planted(one.kind, cleaner.clean(one.value), cleaner.clean(one.text)) for one in sentences]
    missed = _missed(cleaned)
    assert len(missed) <= 0.02 * len(cleaned), missed


def test_dialogue_and_line_breaks_do_not_hide_values_after_cleaning() -> None:
    text = "客服:您好[SEP]客户:我姓张\n电话\n１３８００１３８０００[SEP]客服:地址呢\r\n客户:文三路\n168号3栋501室"
    assert _masker().mask(Cleaner().clean(text)) == "您好。我姓[姓名] 电话 [手机号]。地址呢 文三路[地址]"


def test_harmless_sentences_stay_raw_and_cleaned() -> None:
    raw = HARMLESS.strip().splitlines()
    texts = [*raw, *Cleaner().clean_many(raw)]
    changed = [_masker().mask(text) for text in texts if _masker().find(text)]
    assert len(changed) <= 0.01 * len(texts), changed


@given(st.lists(st.sampled_from(SENTENCES) | CUES, max_size=8))
@settings(deadline=None, max_examples=300)
def test_a_batch_is_masked_as_its_texts_are_one_by_one(texts: list[str]) -> None:
    assert _masker().mask_many(texts) == [_masker().mask(text) for text in texts]


@given(st.sampled_from(SENTENCES) | CUES)
@settings(deadline=None, max_examples=1000)
def test_the_scan_for_cues_misses_nothing(text: str) -> None:
    assert _masker().find(text) == _masker().find(text, thorough=True)


def test_known_names_are_found_in_batches_without_any_cue() -> None:
    masker = Masker(["李雷"])
    assert masker.mask_many(["断网", "李雷说断网"]) == ["断网", "[姓名]说断网"]
