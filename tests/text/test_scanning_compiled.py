"""The compiled scans and their twins in numpy lead to the same cleaned and masked texts."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.native import compiled
from pipeline.resources import data_file
from pipeline.text.cleaning import Cleaner
from pipeline.text.cleaning_steps import read_list
from pipeline.text.masking.starts import NameStarts
from pipeline.text.masking.weights import read_name_weights
from pipeline.text.privacy import Masker
from pipeline.text.scanning import Batch

sys.path.insert(0, str(Path(__file__).parent))

from planted import planted
from planted_third import THIRD, sentences

pytestmark = pytest.mark.skipif(compiled("scanning") is None, reason="the compiled scans were not built")

PLANTED = [text for text, _, _ in sentences()] + [one.text for one in planted(each=3, seed=4)]
SPLIT = "".join(sorted(set(THIRD))) + "，！？：（）…\u3000\xa0\n\r\t.。、&<[]_\x00\ufdd0\uffff\U00020000é́"
WORDS = [
    "客户",
    "我叫",
    "姓名：",
    "师傅",
    "先生",
    "阿卜杜",
    "古丽",
    "·",
    "氏",
    "Mr. ",
    "Amy",
    "138",
    "一三八",
    "......",
    "啊啊啊啊",
]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS) | st.sampled_from(SPLIT) | st.characters(), max_size=14).map("".join)
    | st.sampled_from(PLANTED),
    max_size=8,
)


@cache
def _cleaner() -> Cleaner:
    return Cleaner()


@cache
def _masker() -> Masker:
    return Masker()


@cache
def _starts() -> NameStarts:
    return NameStarts(read_name_weights(), frozenset(read_list(data_file("not_names.txt"))))


def both_ways(change: Callable[[list[str]], list[str]], texts: list[str]) -> tuple[list[str], list[str]]:
    """What becomes of the texts with the compiled scans and without them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GENYIN_COMPILED", raising=False)
        fast = change(texts)
        patch.setenv("GENYIN_COMPILED", "0")
        return fast, change(texts)


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_texts_are_cleaned_alike(texts: list[str]) -> None:
    fast, slow = both_ways(_cleaner().clean_many, texts)
    assert fast == slow
    assert fast == [_cleaner().clean(text) for text in texts]


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_texts_are_masked_alike(texts: list[str]) -> None:
    fast, slow = both_ways(_masker().mask_many, texts)
    assert fast == slow


def test_planted_texts_are_cleaned_and_masked_alike() -> None:
    fast, slow = both_ways(lambda texts: _masker().mask_many(_cleaner().clean_many(texts)), PLANTED * 8)
    assert fast == slow
    assert fast != PLANTED * 8


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_names_are_looked_for_at_the_same_places(texts: list[str]) -> None:
    def places(texts: list[str]) -> list[str]:
        return [f"{of.told} {of.near}" for of in (_starts().of(Batch.of([text])) for text in texts)]

    fast, slow = both_ways(places, texts)
    assert fast == slow
