"""The compiled cells and lines beside their twins in Python: the same text for every value."""

import os
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.output.answer_cells import reason_cells, rounded
from pipeline.output.tables import open_table

cells_module = pytest.importorskip("pipeline.native.cells", reason="the compiled loops are not built")

TEXTS = st.text(st.sampled_from("宽a,\"'\r\n\t =+-@1.%\x00\x85\u2028\ud800\U00020000"), max_size=12)
NUMBERS = st.one_of(st.floats(), st.integers(0, 20_000).map(lambda parts: parts / 10_000))
CELLS = st.one_of(TEXTS, NUMBERS, st.none(), st.integers(), st.booleans(), st.just(Ellipsis))


class Marked(str):
    def __str__(self):
        return "never written"


def by_hand():
    return mock.patch.dict(os.environ, {"GENYIN_COMPILED": "0"})


def written(path, rows):
    with open_table(path, ["a"], "csv") as table:
        table.write(iter(rows))
    return path.read_bytes()


@given(st.lists(st.lists(CELLS, max_size=4), max_size=6))
@example([[""], [None], [], ["", ""], [-0.0, 0.0, 1e-5, 1e16, 0.1 + 0.2], [Marked("=1+1"), Marked('a"b')]])
def test_lines_are_those_of_the_csv_module(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("lines")
    with by_hand():
        expected = written(folder / "twin.csv", rows)
    assert written(folder / "own.csv", rows) == expected


def test_many_lines_are_handed_out_in_parts_and_none_is_lost(tmp_path):
    rows = [[str(i), "宽带" * 2000] for i in range(1000)]
    with by_hand():
        expected = written(tmp_path / "twin.csv", rows)
    assert written(tmp_path / "own.csv", rows) == expected


def test_an_error_among_the_rows_comes_through(tmp_path):
    def rows():
        yield ["a"]
        raise LookupError("no further row")

    with pytest.raises(LookupError, match="no further row"):
        written(tmp_path / "own.csv", rows())


@given(st.lists(st.one_of(st.none(), st.floats(), st.integers(0, 20_000).map(lambda halves: halves / 20_000))))
def test_numbers_are_rounded_as_python_does(values):
    with by_hand():
        expected = rounded(values)
    assert list(map(repr, rounded(values))) == list(map(repr, expected))


@given(st.lists(st.lists(st.tuples(TEXTS, st.one_of(st.floats(), st.integers(0, 2000).map(lambda x: x / 200))))))
def test_reasons_are_written_as_python_does(reasons):
    with by_hand():
        expected = reason_cells(reasons)
    assert reason_cells(reasons) == expected
