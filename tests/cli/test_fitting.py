"""Lines of any text fit any terminal, and nothing a customer wrote can steer it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pipeline.cli.fitting import fitted, harmless, sheet, shortened, wrapped
from pipeline.register.store import open_register
from tests.register.invented import complaint, findings


def test_everything_fits_a_narrow_terminal(call, url):
    long = "晚高峰网速慢而且经常断线客服说在查一直没有结果已经两个月了" * 2
    with open_register(url) as register:
        register.set("P-0001", {"name": long, "owner": "李工", "root_cause": long * 3, "whys": [long, "短"]})
        register.mark({"P-0001": ["new", "growing", "regressed"]})
    for args in (("list",), ("show", "P-0001"), ("history", "P-0001"), ("proposals",)):
        for lang in ("zh", "en"):
            text = call("problems", *args, "--lang", lang, COLUMNS="60").stdout
            assert max(map(cell_len, text.splitlines())) <= 60, args
            assert text.count("晚高峰网速慢") >= 1
    assert "…" in call("problems", "list", COLUMNS="60").stdout
    assert long in call("problems", "list", COLUMNS="300").stdout
    told = "".join(line.strip() for line in call("problems", "show", "P-0001", COLUMNS="60").stdout.splitlines())
    assert long * 3 in told


def test_what_customers_wrote_cannot_steer_the_terminal(call, url):
    with open_register(url) as register:
        register.add_run({}, [complaint(50, "\x1b[2J断网\r\n覆盖")], findings([complaint(50, "x")], a="P-0001"))
        register.set("P-0001", {"statement": "\x1b]0;改标题\x07"})
    text = call("problems", "show", "P-0001", "--complaints", "20").stdout
    assert "断网  覆盖" in text
    assert not {"\x1b", "\x07", "\r"} & set(text)


_WORDS = st.text(alphabet="断网ab 1é️😀", max_size=40).map(harmless)


@given(_WORDS, st.integers(2, 30))
def test_shortened_texts_fit_and_begin_as_they_did(text, width):
    made = shortened(text, width)
    assert cell_len(made) <= width
    assert made == text or (made.endswith("…") and text.startswith(made[:-1]))


@given(_WORDS, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.tuples(_WORDS, _WORDS, _WORDS), min_size=1, max_size=5), st.integers(20, 90))
def test_tables_and_sheets_fit_any_terminal(rows, width):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        assert all(cell_len(line) <= width for line in fitted(rows, elastic=1, drop=(2,)))
        assert all(cell_len(line) <= width for line in sheet((name, value) for name, value, _ in rows))


@given(st.text())
def test_harmless_text_is_one_line_without_control_characters(text):
    assert len(harmless(text).splitlines()) <= 1
    assert harmless(text).isprintable() or not harmless(text).isascii()
