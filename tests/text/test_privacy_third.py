"""Names told by their characters and surroundings, and numbers and addresses in forms that no cue announces."""

import sys
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.cleaning import Cleaner
from pipeline.text.privacy import Kind, Masker, scan

sys.path.insert(0, str(Path(__file__).parent))

from planted_third import sentences

PIECES = st.sampled_from(
    [
        *(
            "客户",
            "师傅",
            "联系人",
            "处理人:",
            "我叫",
            "姓名:",
            "是",
            "、",
            ",",
            "，",
            " ",
            "/",
            "(",
            "。",
            "\n",
            "1",
            "3",
        ),
        *(
            "张",
            "王",
            "欧阳",
            "伟",
            "建国",
            "丽",
            "小",
            "老",
            "阿",
            "先生",
            "总",
            "反映",
            "说",
            "13800138000",
            "某",
            "路",
        ),
        *("斯琴", "高娃", "买买提", "·", "艾力", "卓玛", "Mr", ". ", "Amy", "David", "Miller", "高清", "马上", "周末"),
        *("[姓名]", "[手机号]", "0", "栋", "501", "排", "号", "尾号", "A", "-", "\ud800", "😀", "〔2024〕", "字第"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


@cache
def _masker() -> Masker:
    return Masker()


def _cleaned() -> list[tuple[str, list[str], list[str]]]:
    cleaner = Cleaner()
    rows = []
    for text, planted, harmless in sentences():
        clean = cleaner.clean(text)
        kept = [value for value in cleaner.clean_many(harmless) if value in clean]
        rows.append((clean, cleaner.clean_many(planted), kept))
    return rows


@pytest.mark.parametrize("rows", [sentences(), _cleaned()], ids=["raw", "cleaned"])
def test_values_in_forms_of_every_kind_are_masked_and_their_surroundings_stay(
    rows: list[tuple[str, list[str], list[str]]],
) -> None:
    planted = [(value, _masker().mask(text)) for text, values, _ in rows for value in values]
    harmless = [(value, _masker().mask(text)) for text, _, values in rows for value in values]
    left = [pair for pair in planted if pair[0] in pair[1]]
    lost = [pair for pair in harmless if pair[0] not in pair[1]]
    assert len(planted) >= 200
    assert len(harmless) >= 100
    assert len(left) <= 0.05 * len(planted), left
    assert len(lost) <= 0.01 * len(harmless), lost


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("前台陆雪琴上报", "前台[姓名]上报"),
        ("不认识的马玉梅来过", "不认识的[姓名]来过"),
        ("此致 敬礼 包文斌 2024年1月8日", "此致 敬礼 [姓名] 2024年1月8日"),
        ("经办:史玉柱,复核:段奕宏", "经办:[姓名],复核:[姓名]"),
        ("客户斯琴塔娜反映断网", "客户[姓名]反映断网"),
        ("牧民买买提·艾力说没信号", "牧民[姓名]说没信号"),
        ("师傅小冯人不错", "师傅[姓名]人不错"),
        ("客服Amy和Mr. Brown", "客服[姓名]和Mr. [姓名]"),
        ("客户张Amy说,客服Max没回,Rose女士", "客户[姓名]说,客服[姓名]没回,[姓名]女士"),
        ("韦姐家也断网", "[姓名]姐家也断网"),
        ("用户宁晓波来电,再问宁晓波时没人接", "用户[姓名]来电,再问[姓名]时没人接"),
    ],
)
def test_name_is_known_by_its_characters_and_what_stands_beside_it(text: str, masked: str) -> None:
    assert _masker().mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "高清频道看不了,马上来人,周末也行",
        "客户金额有误,用户余额不足,师傅于是走了",
        "机主本人到厅,联系人不变,业主安全第一",
        "用户打王者荣耀卡,客户在王府井买的",
        "申诉人杨某,经办人李某某",
        "周主任医师节目看不了",
        "龙津河和阳岐河都黑臭,柳林河大街没信号",
        "这3张卡、第2孔窑、5项服务",
        "荣耀Max手机发热,小米 Max 3,Rose Gold没货",
        "建设部令第138号,合同第2条",
    ],
)
def test_words_that_begin_like_names_stay(text: str) -> None:
    assert _masker().mask(text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("联系方式1529 3184 036", Kind.PHONE),
        ("常用号139 12 34 56 78", Kind.PHONE),
        ("拨0434 2856 911是空号", Kind.LANDLINE),
        ("打座机0474.2048816", Kind.LANDLINE),
        ("旧件码ZTEG1C8D4E75", Kind.NUMBER),
        ("单据WXD0952-240719-0047", Kind.NUMBER),
        ("物联网卡1064871303958失联", Kind.NUMBER),
        ("军官证沈字第20198365号", Kind.NUMBER),
        ("微信加薇abc_1234", Kind.NUMBER),
        ("南区7排13号停电", Kind.ADDRESS),
        ("铁新村一区16栋8号", Kind.ADDRESS),
        ("解放路上段209号", Kind.ADDRESS),
        ("教师楼3-402断网", Kind.ADDRESS),
        ("楼上2302漏水", Kind.ADDRESS),
    ],
)
def test_number_or_place_in_a_rare_form_is_found_as_its_kind(text: str, kind: Kind) -> None:
    assert kind in {found.kind for found in _masker().find(text)}


@given(TEXTS)
@settings(deadline=None, max_examples=500)
def test_masked_text_of_name_pieces_has_nothing_left_to_find(text: str) -> None:
    masked = _masker().mask(text)
    assert scan(masked) == []
    assert _masker().find(text) == _masker().find(text, thorough=True)


@given(st.lists(TEXTS, max_size=6))
@settings(deadline=None, max_examples=200)
def test_a_batch_of_name_pieces_is_masked_as_one_by_one(texts: list[str]) -> None:
    assert _masker().mask_many(texts) == [_masker().mask(text) for text in texts]


@pytest.mark.parametrize(
    "piece", ["小王", "斯琴高娃、", "客户张伟", "Amy ", "阿·", "楼上1", "字第1", "处理:", "李雷和", "欧阳", "1 3"]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.perf_counter()
        _masker().mask(text)
        return time.perf_counter() - start

    seconds(1_000)
    assert seconds(80_000) < 12 * seconds(20_000) + 0.5
