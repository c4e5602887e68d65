"""Dirt goes, meaning stays; every text can be cleaned, and once is enough."""

import csv
import os
import pickle
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.resources import data_file
from pipeline.text.cleaning import Cleaner, CleaningOptions
from pipeline.text.cleaning_steps import read_list, read_lookalikes
from pipeline.text.privacy import Kind

REAL = Path(os.environ.get("GENYIN_REAL_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))
# pieces that feed each other when steps are put in the wrong order
_PIECES_WRITTEN = """
&amp; &lt; &gt; &#60; &#38; &#x26; & # ; lt amp 38 <b> </b> <br/> <p < > b http://
https www. t.cn [SEP] SEP [ ] 客服: 客户: 客 户 服 : ： A: 用户 客户来电反映 请核实 处理 并回复 谢 谢谢 请 核实 （
( wu wù ） ) 务 網 務 网 络 嘚 洏 啊 啊啊啊 !! ！ 。 .. … ， , _x000D_ _x00 0D_ \u200b \u0000 \ud800
\ufeff e\u0301 \u0301 ﷺ ① Ａ ㍿ ᄀ ᅡ 乾 隆 1000000 [手机号] 薴
"""
PIECES = (*_PIECES_WRITTEN.split(), "\u3000")
HOSTILE = (
    *(
        "<",
        "(",
        "[",
        "&",
        "&amp;",
        "&#38;",
        "<b",
        "<b>",
        "<!--",
        "务(wu)",
        "(wu",
        "http://",
        "www.",
        "[SEP]",
        "客户:",
        "A:",
    ),
    *("！", "啊", "谢谢", "谢", "請", "客", "_x000D_", "，", "\u200b", " "),
)
NASTY = st.lists(st.sampled_from([*PIECES, " ", "\n", "\t"]) | st.characters(), max_size=24).map("".join)


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


@cache
def _cleaner(*, customer_side_only: bool = False) -> Cleaner:
    return Cleaner(CleaningOptions(customer_side_only=customer_side_only))


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("服務(wù)太差", "服务太差"),
        ("网（wǎng）络(luo)不通(tōng)", "网络不通"),
        ("办公室（xp）系统和华为（HUAWEI）", "办公室(xp)系统和华为(HUAWEI)"),
        ("寬帶網絡不穩定", "宽带网络不稳定"),
        ("太差嘚服务，洏且网速太慢，囙为没人管", "太差的服务,而且网速太慢,因为没人管"),
        ("<p>断网</p><p>三天</p>", "断网 三天"),
        ("网<font color=red>络</font>差", "网络差"),
        ("A&amp;amp;B&nbsp;&lt;5元", "A&B <5元"),
        ("见 https://t.cn/abc?x=1，没用", "见 没用"),
        ("宽\u200b带\ufeff断\x00网", "宽带断网"),
        ("断网_x000D_\n没人修", "断网 没人修"),
        ("太差！！！！", "太差!"),
        ("没信号。。。。催了", "没信号。催了"),
        ("啊啊啊啊啊啊啊", "啊啊啊"),
        ("扣了1000000元", "扣了1000000元"),
        ("等……三天", "等。三天"),
        ("您好[SEP]没有网[SEP]好的", "您好。没有网。好的"),
        ("客服：您好 客户：没网", "您好 没网"),
        ("客户来电反映，宽带断网，请核实处理并回复客户，谢谢！", "宽带断网!"),
        ("催单，回复不满意，请尽快处理", "催单,回复不满意"),
        ("谢谢", "谢谢"),
        ("请核实处理，谢谢！", "请核实处理,谢谢!"),
        ("已安抚无效", "已安抚无效"),
        ("张三的[手机号]在[地址]", "张三的[手机号]在[地址]"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_dirt_goes_and_meaning_stays(cleaner: Cleaner, dirty: str, clean: str) -> None:
    assert cleaner.clean(dirty) == clean


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("客服：您好[SEP]客户：没有信号[SEP]客服：好的", "没有信号"),
        ("客户:断网 坐席:稍等 客户:三天了", "断网 三天了"),
        ("您好[SEP]没有信号", "您好。没有信号"),
        ("客服：好的", "好的"),
        ("A:没网 B:好的", "没网 好的"),
    ],
)
def test_customer_side_only_where_sides_are_marked(text: str, kept: str) -> None:
    assert _cleaner(customer_side_only=True).clean(text) == kept


def test_options_turn_steps_off() -> None:
    plain = Cleaner(CleaningOptions(boilerplate=False, traditional=False, lookalikes=False))
    assert plain.clean("客户来电反映寬帶差嘚很") == "客户来电反映寬帶差嘚很"


def test_own_tables_replace_the_shipped_ones() -> None:
    own = Cleaner(boilerplate=["特此说明"], lookalikes={"甴": "由"})
    assert own.clean("谢谢，理甴不明，特此说明") == "谢谢,理由不明"


@given(NASTY)
@example("&am" * 30 + "p;" * 30)
@example("&#5&#5&#5&#5&#5&#5&#5&#5&#5&#5&#5&#5&#54;;;;;;;;;;;;;")
@example("&#5&#4&#5&#5&#5&#4&#5&#5&#5&#4&#5&#5&#52;;;;;;;;;;;;;")
@example("务(w务(w务(wu)u)u)")
@settings(deadline=None, max_examples=600)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = _cleaner().clean(text)
    assert _cleaner().clean(once) == once
    assert unicodedata.is_normalized("NFKC", once)


@given(
    st.lists(NASTY | st.sampled_from(["", " ", "\ufdd0", "\ufdd0\ufdd0，", "。", "  \n"]), max_size=8), st.booleans()
)
@settings(deadline=None, max_examples=500)
def test_a_batch_is_cleaned_as_its_texts_are_one_by_one(texts: list[str], customer_side_only: bool) -> None:
    cleaner = _cleaner(customer_side_only=customer_side_only)
    assert cleaner.clean_many(texts) == [cleaner.clean(text) for text in texts]


def test_a_batch_of_every_character_and_its_double_is_cleaned_as_one_by_one(cleaner: Cleaner) -> None:
    characters = [
        chr(code) for code in [*range(0x3400), *range(0x9F00, 0xAC10), *range(0xD7A0, 0x10010), 0x1F600, 0x20000]
    ]
    texts = [form for one in characters for form in (f"断{one}网", f"断{one * 4}网", f"({one}1 {one}:(")]
    assert cleaner.clean_many(texts) == [cleaner.clean(text) for text in texts]


@given(NASTY)
@settings(deadline=None, max_examples=300)
def test_customer_side_is_idempotent_too(text: str) -> None:
    cleaner = _cleaner(customer_side_only=True)
    assert cleaner.clean(cleaner.clean(text)) == cleaner.clean(text)


def test_every_character_settles(cleaner: Cleaner) -> None:
    codes = range(0x20, 0x33480)
    for first in range(0, len(codes), 4096):
        once = cleaner.clean(" ".join(map(chr, codes[first : first + 4096])))
        assert cleaner.clean(once) == once


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_of_200_000_characters_completes(cleaner: Cleaner, piece: str) -> None:
    assert len(cleaner.clean((piece * 200_000)[:200_000])) <= 200_000


def test_cleaner_survives_pickling(cleaner: Cleaner) -> None:
    cleaner.clean("寬帶")
    copy = pickle.loads(pickle.dumps(cleaner))
    assert copy.clean_many(["寬帶"]) == ["宽带"]
    assert copy.fingerprint == cleaner.fingerprint


def test_fingerprint_follows_options_and_tables(cleaner: Cleaner) -> None:
    others = (
        Cleaner(CleaningOptions(boilerplate=False)),
        Cleaner(boilerplate=["甲"]),
        Cleaner(lookalikes={"甴": "由"}),
    )
    assert len({cleaner.fingerprint, *(other.fingerprint for other in others)}) == 4
    assert Cleaner().fingerprint == cleaner.fingerprint


def test_placeholders_survive(cleaner: Cleaner) -> None:
    text = "号码" + "".join(f"[{kind.value}]" for kind in Kind)
    assert cleaner.clean(text) == text


def test_shipped_lists_are_sound() -> None:
    phrases = read_list(data_file("boilerplate.txt"))
    pairs = read_lookalikes(data_file("lookalikes.txt"))
    assert len(set(phrases)) == len(phrases) >= 100
    assert not [phrase for phrase in phrases if "催" in phrase or "不满" in phrase or len(phrase) < 2]
    assert 60 <= len(pairs) <= 150
    assert not set(pairs) & set(pairs.values())


def test_broken_lookalike_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("嘚 的\n洏而\n", "utf-8")
    with pytest.raises(SettingsError, match=r"pairs\.txt: '洏而' is not two characters with a blank between"):
        read_lookalikes(path)


def test_list_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gbk.txt"
    path.write_bytes("请核实".encode("gbk"))
    with pytest.raises(SettingsError, match=r"gbk\.txt cannot be read as UTF-8 text"):
        read_list(path)


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="no folder of real texts")
@pytest.mark.parametrize(("name", "column"), [("reviews.csv", "review"), ("civic_messages.csv", "text")])
def test_real_texts_settle_and_none_is_lost(cleaner: Cleaner, name: str, column: str) -> None:
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        texts = [row[column] for row, _ in zip(csv.DictReader(file), range(3000), strict=False)]
    cleaned = cleaner.clean_many(texts)
    assert cleaner.clean_many(cleaned) == cleaned
    assert not [text for text, left in zip(texts, cleaned, strict=True) if any(map(str.isalnum, text)) and not left]
