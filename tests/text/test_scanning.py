"""A scan of many texts says of each at least what is in it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.scanning import END, EVERYTHING, Cues, Scanner

CUES = Cues(
    characters={1: "&\U0001f600", 2: "é"},
    words={4: ["经理", "SIM卡"], 8: [f"总{END}", "一二"]},
    edges={16: " 。"},
    twice={32: "!"},
    four_times={64: "啊"},
)
SCANNER = Scanner(CUES)
TEXTS = st.lists(
    st.text(st.sampled_from("&é经理SIM卡总一二 。!啊\U0001f600\uffff") | st.characters(), max_size=12), max_size=20
)


def _holds(text: str) -> int:
    flags = {
        1: "&" in text or "\U0001f600" in text,
        2: "é" in text,
        4: "经理" in text or "SIM卡" in text,
        8: text.endswith("总") or "一二" in text,
        16: text[:1] in {" ", "。"} or text[-1:] in {" ", "。"},
        32: "!!" in text,
        64: "啊啊啊啊" in text,
    }
    return sum(flag for flag, told in flags.items() if told)


@given(TEXTS)
@settings(deadline=None, max_examples=500)
def test_no_flag_is_missed(texts: list[str]) -> None:
    for text, flags in zip(texts, SCANNER.flags(texts), strict=True):
        assert flags & _holds(text) == _holds(text)


def test_plain_texts_have_exactly_their_flags() -> None:
    texts = ["", "客户经理", "理经", "SIM很小的卡", "老总", "总是", "!啊!啊啊啊", "!!", "断网。", "啊啊啊啊", ""]
    assert SCANNER.flags([*texts, "尾"]) == [*map(_holds, texts), 0]


def test_characters_beyond_the_plane_may_be_anything() -> None:
    assert SCANNER.flags(["网\U00020000", "网"]) == [EVERYTHING, 0]


def test_batches_of_any_length_keep_their_order() -> None:
    long = "网" * 150_000
    assert SCANNER.flags(["&", long, "&" + long, "啊", long + "&"]) == [1, 0, 1, 0, 1]
    texts = ["&" if place % 7 == 0 else "网" for place in range(1500)]
    assert SCANNER.flags(texts) == [int(place % 7 == 0) for place in range(1500)]
