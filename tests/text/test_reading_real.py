import os
from pathlib import Path

import pytest

from pipeline.records import Role
from pipeline.text.reading import ReadOptions, open_dump

DATA = Path(os.environ.get("GENYIN_REAL_DATA") or Path(__file__).resolve().parents[2].parent / "shared" / "data")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real texts is not here"),
]


@pytest.mark.parametrize(
    ("name", "rows", "texts"),
    [
        ("civic_labelled.csv", 8299, ("title", "text")),
        ("civic_messages.csv", 1900, ("title", "text")),
        ("river_complaints.csv", 1464, ("title", "text")),
        ("telecom_dev.csv", 69, ("text",)),
        ("reviews.csv", 62773, ("review",)),
    ],
)
def test_every_row_is_read(name, rows, texts):
    dump = open_dump([DATA / name])
    reading = dump.read()
    assert dump.sources[0].texts == texts
    assert sum(len(chunk) for chunk in reading) + reading.counts.rejected == rows
    assert reading.counts.rejected == 0
    assert abs(dump.rows_guess - rows) <= 0.3 * rows


@pytest.mark.parametrize("codec", ["gb18030", "utf-16", "utf-8-sig"])
def test_the_same_file_in_another_encoding_gives_the_same_texts(tmp_path, codec):
    original = DATA / "civic_messages.csv"
    copy = tmp_path / "copy.csv"
    copy.write_bytes(original.read_bytes().decode("utf-8-sig").encode(codec))
    before, after = ([t for chunk in open_dump([path]).chunks() for t in chunk.texts] for path in (original, copy))
    assert before == after


def test_overrides_reach_a_column_without_a_role():
    columns = {Role.LABEL: ("cat",), Role.TEXT: ("review",)}
    dump = open_dump([DATA / "reviews.csv"], ReadOptions(columns=columns))
    assert dump.sources[0].roles == {Role.LABEL: ("cat",), Role.TEXT: ("review",)}
