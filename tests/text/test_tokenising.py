import csv
import os
import pickle
import random
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.native import compiled
from pipeline.text.cutting.jieba_dictionary import build_dictionary
from pipeline.text.tokenising import Tokeniser

ROOT = Path(__file__).resolve().parents[2]
REAL_DATA = Path(os.environ.get("GENYIN_REAL_DATA", ROOT.parent / "shared" / "data"))

_WORDS = """光猫 携号转网 靓号协议 装维 装维师傅 冰激凌套餐 大王卡 全家享 提速包 达量限速 副卡 违约金 合约机
首充返现 彩铃包 增值业务 定向流量 国漫 融合套餐 拆机 移机 改密 外呼 专席 返费 低消 停机保号 预存 客户经理 强扣
5G 4G IPTV VoLTE eSIM 5G套餐 2.5G 4G+ wo-100 沃TV 10086 SIM卡 e-SIM WiFi6 A+ C#
咚咚咚 网络|5 我们|1 不能|3|v 的|2 问题|100000|n 收费|50 没有|4 一个|20 用户|1 扣费|8 乱扣费 元|100 5|7
电信。 γ射线 㐀字 鿿网 😀卡 套餐 流量包 网络|7 业务 营业厅|3|n"""
USER_WORDS = [word.replace("|", " ") for word in _WORDS.split()]
REMOVING_WORDS = [
    "装维",
    "收费 0",
    "我们 0",
    "光猫 0",
    "没有 0",
    "扣费 0 v",
    "没有|办法",
    "我们 9",
    "宽带网 0",
    "宽带网",
    "的 0",
]

_CLAUSES = """用户来电反映宽带断网三天没人来修 装维师傅说光猫坏了要换新的 我要携号转网却被告知有靓号协议 办理了5G套餐
129元每月100GB流量 2020-01-02扣费50.5元 网速只有2.5% 见www.example.com或发E-mail 达量限速后网速1Mbps 他说SIM卡坏了
赞赞赞赞赞 差差差差差差评 叹员叹员叹员 咚咚咚 没有办法我们的问题 收费不合理 乱扣费 C++和AT&T 4.2.3版本 wo-100m+
4G+网络 😀卡开机 电信。联通 A座5号 工单V1.0.3_a 龘龘靐齉爩 一二三四五六七八九十 试试试试试 客服态度差得很"""
CLAUSES = _CLAUSES.split()
ALPHABETS = (
    "的一是不了在我有电信宽带网用户元费扣流量套餐光猫装维携号转号靓协议没法们收问题业务",
    "龘靐齉爩鱻麤灪鸜厵滟爨癵驫鬰饢嬲嫐昦掱犇猋贔",
    "".join(map(chr, range(0x4E00, 0x9FD6, 37))),
    "aZ09xgGM",
    "+#&._%-",
    "，。！？：；、（）《》“”…,!?()[]{}<>*/\\|~^@$='\"",
    " \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u2003\u2028\u3000\ufeff\u200b\x00",
    "５ＧａＡ％．－①②ⅣⅷγЖéñかカ한①",
    "😀🀄👨‍👩‍👧🏳️‍🌈",
    "㐀䶵鿖鿿豈﨎\U00020000\U0002a6df\U0002f800\U00030000",
    "\ud800\udbff\udc00\udfff",
)


@pytest.fixture(scope="module", params=["compiled", "python"], autouse=True)
def way(request) -> Iterator[str]:
    """Every test here holds for the compiled loops and for their twin."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "python":
            patch.setenv("GENYIN_COMPILED", "0")
        else:
            patch.delenv("GENYIN_COMPILED", raising=False)
            if compiled("cutting") is None:
                pytest.skip("the compiled loops were not built")
        yield request.param


@pytest.fixture(scope="session")
def reference() -> Callable[..., Callable[[str], list[str]]]:
    """A maker of ``jieba.lcut`` with its own dictionary and user words, without jieba's cache file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba

    frequencies, total = jieba.Tokenizer.gen_pfdict(Path(jieba.__file__).with_name("dict.txt").open("rb"))

    def make(user_words: list[str] | tuple[str, ...] = ()) -> Callable[[str], list[str]]:
        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies.copy(), total, True
        tokenizer.load_userdict(list(user_words))
        return tokenizer.lcut

    return make


@pytest.fixture
def forced_splits() -> Iterator[None]:
    """Clear jieba's global set of words forced apart, which ``load_userdict`` fills."""
    from jieba import finalseg

    yield
    finalseg.Force_Split_Words.clear()


@pytest.fixture(scope="session")
def lcuts(reference) -> tuple[Callable[[str], list[str]], ...]:
    """``jieba.lcut`` without and with user words; it is slow, so what it found serves both ways."""
    return cache(reference()), cache(reference(USER_WORDS))


@pytest.fixture(scope="module")
def plain(lcuts, way) -> tuple[Tokeniser, Callable[[str], list[str]]]:
    return Tokeniser(), lcuts[0]


@pytest.fixture(scope="module")
def with_user_words(lcuts, way) -> tuple[Tokeniser, Callable[[str], list[str]]]:
    return Tokeniser(USER_WORDS), lcuts[1]


def generated_texts(seed: int, count: int) -> list[str]:
    chooser = random.Random(seed)
    words = [word.split(" ")[0] for word in USER_WORDS]

    def piece() -> str:
        kind = chooser.random()
        if kind < 0.2:
            return chooser.choice(CLAUSES)
        if kind < 0.35:
            return chooser.choice(words)
        if kind < 0.42:
            part = "".join(chooser.choices(ALPHABETS[0], k=chooser.randint(1, 2)))
            return part * chooser.randint(2, 5)
        if kind < 0.62:
            return "".join(chooser.choices(ALPHABETS[3] + ALPHABETS[4], k=chooser.randint(1, 7)))
        weights = (8, 3, 3, 2, 2, 2, 1, 1, 1, 1, 0.2)
        return "".join(chooser.choices(chooser.choices(ALPHABETS, weights)[0], k=chooser.randint(1, 5)))

    return ["".join(piece() for _ in range(chooser.randint(1, 5))) for _ in range(count)]


def assert_same(tokeniser: Tokeniser, lcut: Callable[[str], list[str]], texts: list[str]) -> None:
    found_together = tokeniser.cut_many(texts)
    different = [
        (text, found, expected)
        for text, found in zip(texts, found_together, strict=True)
        if found != (expected := lcut(text))
    ]
    assert different == []
    assert tokeniser.segment(texts).tokens == found_together


def mixed_texts() -> st.SearchStrategy[str]:
    parts = [st.text(st.sampled_from(alphabet), min_size=1, max_size=6) for alphabet in ALPHABETS]
    words = st.sampled_from([word.split(" ")[0] for word in USER_WORDS] + CLAUSES)
    piece = st.one_of(words, st.text(max_size=3), *parts)
    long_run = st.builds(str.__mul__, piece, st.integers(2, 150))
    return st.lists(st.one_of(*[piece] * 9, long_run), max_size=8).map("".join)


def test_20_000_generated_texts_have_jiebas_tokens(plain):
    assert_same(*plain, generated_texts(1, 20_000))


def test_generated_texts_with_user_words_have_jiebas_tokens(with_user_words):
    assert_same(*with_user_words, generated_texts(2, 6_000))


def test_removed_user_words_act_as_in_jieba(reference, forced_splits):
    assert_same(Tokeniser(REMOVING_WORDS), reference(REMOVING_WORDS), generated_texts(3, 3_000))


@settings(deadline=None, max_examples=300)
@given(mixed_texts())
def test_any_text_has_jiebas_tokens(plain, with_user_words, text):
    for tokeniser, lcut in (plain, with_user_words):
        assert tokeniser.cut(text) == lcut(text)
        assert "".join(tokeniser.cut(text)) == text


@settings(deadline=None, max_examples=300)
@given(st.lists(mixed_texts(), max_size=12))
def test_texts_cut_together_have_the_tokens_of_single_ones(plain, with_user_words, texts):
    for tokeniser, _ in (plain, with_user_words):
        assert tokeniser.cut_many(texts) == [tokeniser.cut(text) for text in texts]
        assert tokeniser.segment(texts).tokens == tokeniser.cut_many(texts)


def test_texts_cut_together_do_not_touch(with_user_words):
    tokeniser, lcut = with_user_words
    parts = ["", "5", "G", "12", ".5", "%", "-", "\r", "\n", "\x00", "光", "猫", "的我", "\ud800", "㐀", "赞赞赞赞赞"]
    texts = [part for one in parts for other in parts for part in (one, other)]
    assert_same(tokeniser, lcut, texts)


def test_removed_words_act_in_texts_cut_together(reference, forced_splits):
    texts = generated_texts(5, 1_500)
    tokeniser = Tokeniser([*REMOVING_WORDS, "赞赞 0", "能用 0"])
    assert tokeniser.cut_many(texts) == list(map(tokeniser.cut, texts))
    assert tokeniser.cut_many(["赞赞赞赞赞", "能用"]) == [["赞", "赞", "赞赞赞"], ["能", "用"]]


@settings(deadline=None, max_examples=6)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from(ALPHABETS[0] + "5Gg+-. "), min_size=1, max_size=4).map(str.strip).filter(bool),
            st.sampled_from(["", "", "", " 0", " 1", " 7", " 900", " 30 n"]),
        ).map("".join),
        max_size=8,
    )
)
def test_any_user_words_act_as_in_jieba(reference, words):
    from jieba import finalseg

    finalseg.Force_Split_Words.clear()
    names = [word.split(" ")[0] for word in words]
    chooser = random.Random(len(words))
    texts = ["".join(chooser.choices([*names, *ALPHABETS[0], "5G", "-"], k=8)) for _ in range(40)]
    assert_same(Tokeniser(words), reference(words), texts)
    finalseg.Force_Split_Words.clear()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\r\n",
        "\n\r\n\r",
        "\x00",
        "\ud800",
        "光\udc00猫\ud800",
        "a\r\nb",
        "㐀",
        "\U0002a6df网",
        "-",
        "1.",
        ".5%",
    ],
)
def test_odd_texts_have_jiebas_tokens(plain, text):
    assert_same(*plain, [text])


def test_repeated_characters_on_which_rjiebas_model_differs(plain):
    tokeniser, lcut = plain
    assert tokeniser.cut("赞赞赞赞赞") == lcut("赞赞赞赞赞") == ["赞赞", "赞赞赞"]


def test_long_texts_are_cut_whole(plain):
    tokeniser, lcut = plain
    text = "".join(generated_texts(4, 15_000))[:200_000]
    assert "".join(tokeniser.cut(text)) == text
    assert tokeniser.segment([text, "", text[:9]]).tokens == list(map(tokeniser.cut, [text, "", text[:9]]))
    single = "龘靐齉爩" * 50_000
    assert "".join(tokeniser.cut(single)) == single
    assert tokeniser.cut(single[:400]) == lcut(single[:400])


def test_rjieba_counts_as_jieba_does():
    # two words of this frequency make the suggested one so large that it tells the total: 60,101,967 as in jieba
    dictionary = build_dictionary(())
    for word in "龘靐":
        dictionary.add_word(word, 10**9, None)
    assert dictionary.suggest_freq("龘靐") == 10**18 // (60_101_967 + 2 * 10**9) + 1


def test_cut_many_is_cut_of_each():
    tokeniser = Tokeniser()
    assert tokeniser.cut_many(iter(["宽带断网", "", "a-b"])) == [tokeniser.cut("宽带断网"), [], ["a", "-", "b"]]


@pytest.mark.parametrize("words", [(), USER_WORDS])
def test_a_pickled_tokeniser_cuts_the_same(words):
    tokeniser = Tokeniser(words)
    before = tokeniser.cut_many(CLAUSES)
    copy = pickle.loads(pickle.dumps(tokeniser))
    assert copy.cut_many(CLAUSES) == before
    assert copy.fingerprint == tokeniser.fingerprint
    assert len(pickle.dumps(tokeniser)) < 10_000


def test_tokenisers_do_not_share_words(plain):
    text = "光猫坏了"
    assert Tokeniser(["光猫坏了"]).cut(text) == ["光猫坏了"]
    assert Tokeniser().cut(text) == plain[1](text)


def test_the_fingerprint_follows_the_user_words():
    assert Tokeniser().fingerprint == Tokeniser([" ", ""]).fingerprint
    assert Tokeniser(["光猫 3 n"]).fingerprint == Tokeniser(["光猫 3"]).fingerprint
    prints = {
        Tokeniser(words).fingerprint
        for words in ([], ["光猫"], ["光猫 3"], ["光猫", "装维"], ["装维", "光猫"], ["\ud800"])
    }
    assert len(prints) == 6


def test_cutting_loads_neither_jieba_nor_rjiebas_global_dictionary(way):
    program = (
        "import sys\n"
        "from pipeline.text.tokenising import Tokeniser\n"
        "tokens = Tokeniser(['光猫', 'IPTV']).cut('装维师傅说光猫坏了，2020-01-02换')\n"
        "print(ascii('/'.join(tokens)))\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('jieba', 'rjieba', 'numpy')))\n"
        "print('pipeline.native.cutting' in sys.modules)\n"
    )
    run = [sys.executable, "-W", "error", "-c", program]
    result = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    tokens, modules, is_compiled = result.stdout.splitlines()
    assert tokens == ascii("装维/师傅/说/光猫/坏/了/，/2020/-/01/-/02/换")
    assert modules == "[]"
    assert is_compiled == str(way == "compiled")
    assert result.stderr == ""


def real_texts(file: str, column: str, count: int) -> list[str]:
    with (REAL_DATA / file).open(encoding="utf-8-sig", newline="") as lines:
        return [row[column] for row, _ in zip(csv.DictReader(lines), range(count), strict=False)]


@pytest.mark.real_data
@pytest.mark.skipif(not REAL_DATA.is_dir(), reason="no folder of real texts")
def test_real_texts_have_jiebas_tokens(plain, with_user_words):
    texts = [
        *real_texts("reviews.csv", "review", 3_300),
        *real_texts("river_complaints.csv", "text", 1_464),
        *real_texts("civic_messages.csv", "text", 600),
        *real_texts("civic_labelled.csv", "text", 600),
        *real_texts("telecom_dev.csv", "text", 69),
    ]
    assert len(texts) > 5_000
    assert_same(*plain, texts)
    assert_same(*with_user_words, texts[::12])
