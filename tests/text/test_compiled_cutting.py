"""The compiled dictionary and cutter by themselves: what ``Tokeniser`` cannot reach, and what must not crash."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.native import compiled
from pipeline.text.cutting.finalseg import emission_weights
from pipeline.text.cutting.jieba_dictionary import word_list
from pipeline.text.tokenising import Tokeniser

ROOT = Path(__file__).resolve().parents[2]
cutting = compiled("cutting")
pytestmark = pytest.mark.skipif(cutting is None, reason="the compiled loops were not built, or are turned off")

NAMES = st.text(st.sampled_from("的我网络5G-\x00\ud800㐀\U0002a6df"), min_size=1, max_size=5)
WORDS = st.lists(st.tuples(NAMES, st.integers(0, 2**31 - 1)), max_size=30)


class Counted:
    """What ``jieba.Tokenizer`` keeps: a frequency for each beginning of a word, and the total."""

    def __init__(self):
        self.frequencies, self.total = {}, 0

    def add_word(self, word, frequency):
        self.frequencies[word] = frequency
        self.total += frequency
        for end in range(1, len(word)):
            self.frequencies.setdefault(word[:end], 0)


def assert_counts_alike(dictionary, counted, others=()):
    assert dictionary.total == counted.total
    for word in [*counted.frequencies, *others]:
        assert dictionary.frequency(word, -7) == counted.frequencies.get(word, -7), ascii(word)


@given(WORDS)
def test_words_are_counted_as_in_jieba(words):
    dictionary, counted = cutting.Dictionary(), Counted()
    for word, frequency in words:
        dictionary.add_word(word, frequency)
        counted.add_word(word, frequency)
    others = [other for word, _ in words for other in (word + "网", word[1:])]
    assert_counts_alike(dictionary, counted, ["", *others])
    assert_counts_alike(dictionary.copy(), counted, others)


@given(WORDS)
def test_a_word_list_is_the_same_as_its_words_one_by_one(words):
    lines = [(word, count) for word, count in words if min(word) > " " and "\ud800" not in word]
    counted = Counted()
    for word, frequency in lines:
        counted.add_word(word, frequency)
    text = "\r\n".join(f"{word} {frequency} n" for word, frequency in lines)
    assert_counts_alike(cutting.Dictionary(text.encode()), counted)
    assert_counts_alike(cutting.Dictionary(f"{text}\n".encode() if lines else b""), counted)


def test_a_copy_is_changed_alone():
    dictionary = cutting.Dictionary("宽带 3 n\n王小 4 nr".encode())
    copied = dictionary.copy()
    copied.add_word("宽带网", 5)
    assert (copied.total, dictionary.total) == (12, 7)
    assert (copied.frequency("宽带网", -1), dictionary.frequency("宽带网", -1)) == (5, -1)
    assert copied.cut("宽带网王小") == ["宽带网", "王小"]
    assert dictionary.cut("宽带网王小") == ["宽带", "网", "王小"]
    assert copied.is_person("王小宽带")


def test_a_dictionary_grows_many_times_over():
    chooser = random.Random(1)
    dictionary, counted = cutting.Dictionary(), Counted()
    dictionary.add_word("长" * 3_000, 5)
    counted.add_word("长" * 3_000, 5)
    for _ in range(30_000):
        word = "".join(map(chr, chooser.choices(range(0x4E00, 0x4E60), k=chooser.randint(1, 6))))
        frequency = chooser.randrange(1_000)
        dictionary.add_word(word, frequency)
        counted.add_word(word, frequency)
    assert_counts_alike(dictionary, counted)


def test_a_frequency_comes_back_as_it_was_given():
    chooser = random.Random(2)
    dictionary = cutting.Dictionary()
    for frequency in [*range(1_000), 2**31 - 1, *(int(2 ** chooser.uniform(0, 31)) for _ in range(20_000))]:
        dictionary.add_word("网", frequency)
        assert dictionary.frequency("网", -1) == frequency


def test_jiebas_word_list_is_read_whole():
    dictionary, counted = cutting.Dictionary(word_list()), Counted()
    for line in word_list().decode().splitlines():
        word, frequency, _ = line.split(" ")
        counted.add_word(word, int(frequency))
    assert counted.total == 60_101_967
    assert_counts_alike(dictionary, counted)


@pytest.mark.parametrize(
    "line",
    ["网络", "网络 ", "网络 n", "网络 -3 n", "网络 3n n", f"网络 {2**31} n", f"网络 {10**20} n", " 3 n", "", "\t3"],
)
def test_a_damaged_word_list_is_refused(line):
    with pytest.raises(ValueError, match="line 2 of the word list is no word with its frequency"):
        cutting.Dictionary(f"宽带 3 n\n{line}\n宽带 3 n\n".encode())


@pytest.mark.parametrize("word", [b"\xe7\xbd", b"\xff", b"\x80", b"\xf7\xbf\xbf\xbf", b"\xf8\x88\x80\x80", b"a" * 64])
def test_a_word_list_that_is_no_text_is_refused(word):
    with pytest.raises(ValueError, match="the word in line 1 of the word list cannot be read"):
        cutting.Dictionary(word + b" 3 n")
    with pytest.raises(ValueError, match="line 1 of the word list"):
        cutting.Dictionary(word)


@pytest.mark.parametrize(("word", "frequency"), [("", 3), ("网", -1), ("网", 2**31)])
def test_a_word_that_cannot_be_counted_is_refused(word, frequency):
    with pytest.raises(ValueError, match="is no word"):
        cutting.Dictionary().add_word(word, frequency)


@pytest.fixture(scope="module")
def cutter():
    return cutting.Cutter(cutting.Dictionary(word_list()), emission_weights())


def segment(cutter, text, lengths, room=None, texts=None):
    tokens = np.zeros(len(text) if room is None else room, np.int64)
    counts = np.zeros(len(lengths) if texts is None else texts, np.int64)
    number = cutter.segment(text, np.array(lengths, np.int64), tokens, counts)
    return tokens[:number].tolist(), counts.tolist()


def test_lengths_that_do_not_fit_are_refused(cutter):
    assert segment(cutter, "宽带断网", [2, 0, 2]) == ([2, 2], [1, 0, 1])
    for lengths in ([3], [5], [2, 3], [5, -1], [-1, 5], [2**62, 2**62], []):
        with pytest.raises(ValueError, match="lengths"):
            segment(cutter, "宽带断网", lengths)
    for room, texts in ((3, None), (5, None), (0, None), (None, 0), (None, 2)):
        with pytest.raises(ValueError, match="lengths do not fit"):
            segment(cutter, "宽带断网", [4], room, texts)


@pytest.mark.parametrize("nothing", [None, 5, b"abc", ["a"]])
def test_what_is_no_text_is_refused(cutter, nothing):
    with pytest.raises(TypeError, match="a text is wanted"):
        cutter.cut(nothing)
    with pytest.raises(TypeError, match="a text is wanted"):
        segment(cutter, nothing, [1], 1)


def test_no_texts_and_empty_ones(cutter):
    assert cutter.cut("") == []
    assert segment(cutter, "", []) == ([], [])
    assert segment(cutter, "", [0, 0]) == ([], [0, 0])


def test_texts_of_two_million_characters(cutter):
    for piece in ("龘靐齉爩", "宽带断网三天，", "a-1.5%", "\r\n", "\x00", "\U0002a6df\ud800"):
        text = piece * (2_000_000 // len(piece))
        tokens = cutter.cut(text)
        assert "".join(tokens) == text
        assert segment(cutter, text, [len(text)]) == (list(map(len, tokens)), [len(tokens)])


def test_a_model_that_is_not_of_four_states_is_refused():
    with pytest.raises(ValueError, match="zip"):
        cutting.Cutter(cutting.Dictionary(), [{}, {}, {}])
    with pytest.raises(ValueError, match="single character"):
        cutting.Cutter(cutting.Dictionary(), [{"网络": -1.0}, {}, {}, {}])


def test_without_any_words_all_is_left_to_the_model(cutter):
    assert cutting.Cutter(cutting.Dictionary(), [{}] * 4).cut("宽a带1，\r\n") == ["宽", "a", "带", "1", "，", "\r\n"]


def test_threads_may_share_a_tokeniser():
    tokeniser = Tokeniser(["光猫"])
    texts = [f"用户{number}来电反映光猫坏了，{number}天没人来修" for number in range(4_000)]
    expected = tokeniser.segment(texts).tokens
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(tokeniser.segment, [texts] * 8):
            assert found.tokens == expected


def test_memory_does_not_grow_with_the_calls():
    program = (
        "import resource\n"
        "from pipeline.text.tokenising import Tokeniser\n"
        "tokeniser = Tokeniser()\n"
        "def work(times):\n"
        "    for _ in range(times):\n"
        "        tokeniser.cut('宽带断网三天，龘靐齉爩，没人来修' * 20)\n"
        "        tokeniser.segment(['宽带断网', '', '龘靐齉爩'] * 20)\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = work(500)\n"
        "print(work(5_000) - before)\n"
    )
    if sys.platform != "linux":
        pytest.skip("the peak of memory is measured in other units elsewhere")
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    # kilobytes; one forgotten text a call would be tens of thousands
    assert int(result.stdout) < 2_000
