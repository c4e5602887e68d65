import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.native import compiled
from pipeline.text.cutting.compiled import shipped_dictionary
from pipeline.text.cutting.jieba_dictionary import word_list
from pipeline.text.cutting.word_tags import TaggedWords, _RjiebaWords

TEXTS = st.text(
    st.one_of(
        st.sampled_from("王小明张先生北京市电信公司的一在网络5G.-%\r\n，闕諾㐀鿿\ud800\U0002a6df"), st.characters()
    )
)


@pytest.fixture(scope="module")
def both() -> list[TaggedWords]:
    native = compiled("cutting")
    return [_RjiebaWords(), *([shipped_dictionary(native)] if native else [])]


def test_words_are_told_by_their_tags(both):
    for words in both:
        assert words.cut("王小明在北京市5G网络\ud800㐀") == ["王小明", "在", "北京市", "5G", "网络", "\ud800", "㐀"]
        assert words.is_person("王小明在")
        assert words.is_place("北京市")
        assert words.is_place("中国电信")
        assert not any(
            words.is_person(text) or words.is_place(text) for text in ("", "网络", "5G", "，", "㐀", "\ud800王小明")
        )


@given(TEXTS)
def test_both_ways_find_the_same(both, text):
    assert len({tuple(words.cut(text)) for words in both}) == 1
    assert len({(words.is_person(text), words.is_place(text)) for words in both}) == 1
    assert "".join(both[0].cut(text)) == text


def test_both_ways_know_the_tags_of_all_words(both):
    known = [line.split(" ")[0] for line in word_list().decode().splitlines()]
    people = [set(filter(words.is_person, known)) for words in both]
    places = [set(filter(words.is_place, known)) for words in both]
    assert len(people[0]) > 70_000
    assert len(places[0]) > 20_000
    assert people[0] == people[-1]
    assert places[0] == places[-1]
