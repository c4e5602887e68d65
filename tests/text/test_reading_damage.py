"""Every row is a row or a reject, in every format and encoding, whatever the damage."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import GenyinError
from pipeline.text.reading import ReadOptions, open_dump

HEADERS = ("客服流水号", "投诉内容", "受理渠道", "处理意见")
RELAXED = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
# ordinary cells with everything a csv writer has to quote, and no characters that formats cannot hold
CELL = st.text(st.sampled_from("宽带断网套餐费用多扣abc019 ,;|\t\"'\n，。"), max_size=12)
TEXT = st.text(st.sampled_from('宽带断网套餐费用"\n,，。x'), max_size=20).map(lambda text: "断" + text)


def table(rows):
    """Give rows ids with a leading zero; cells as every format can hold them (no blanks around)."""
    return [[f"0{number}", text.strip(), a.strip(), b.strip()] for number, (text, a, b) in enumerate(rows, start=1)]


TABLES = st.lists(st.tuples(TEXT, CELL, CELL), min_size=1, max_size=12).map(table)


def as_csv(rows, delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEADERS, *rows])
    return out.getvalue()


def write_xlsx(path, rows):
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("明细")
        for number, row in enumerate([HEADERS, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)


def write_parquet(path, rows):
    import pyarrow
    import pyarrow.parquet

    columns = dict(zip(HEADERS, map(list, zip(*rows, strict=True)), strict=True))
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def write_jsonl(path, rows):
    lines = (json.dumps(dict(zip(HEADERS, row, strict=True)), ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), encoding="utf-8", newline="")


WRITERS = {
    **{
        f"csv in {codec}": lambda path, rows, codec=codec, mark=mark: path.write_bytes(
            mark + as_csv(rows).encode(codec)
        )
        for codec, mark in (
            ("utf-8", b""),
            ("utf-8-sig", b""),
            ("gbk", b""),
            ("gb18030", b""),
            ("utf-16-le", b"\xff\xfe"),
            ("utf-16-be", b"\xfe\xff"),
        )
    },
    **{
        f"delimiter {sign!r}": lambda path, rows, sign=sign: path.write_text(
            as_csv(rows, sign), encoding="utf-8", newline=""
        )
        for sign in ("\t", ";", "|")
    },
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "jsonl": write_jsonl,
}


def read(path, **options):
    chunks = list(open_dump([path], ReadOptions(**options)).chunks())
    rows = [row for chunk in chunks for row in chunk.rows]
    return rows, [text for chunk in chunks for text in chunk.texts], [r for chunk in chunks for r in chunk.rejects]


@pytest.mark.parametrize("kind", WRITERS)
@settings(RELAXED, max_examples=15)
@given(TABLES)
def test_the_same_table_reads_the_same_from_every_format(tmp_path, kind, rows):
    path = tmp_path / "dump.dat"
    WRITERS[kind](path, rows)
    found, texts, rejects = read(path, chunk_rows=5)
    assert rejects == []
    assert found == rows
    assert texts == [row[1] for row in rows]


SIMPLE = st.text(st.sampled_from("宽带断网套餐费用xyz0，。"), min_size=1, max_size=10)
DAMAGE = {
    "none": lambda cells: ",".join(cells),
    "empty text": lambda cells: ",".join([cells[0], "", *cells[2:]]),
    "a cell too few": lambda cells: ",".join(cells[:3]),
    "a cell too many": lambda cells: ",".join([*cells, "多"]),
    "opened quote": lambda cells: ",".join([cells[0], '"' + cells[1], *cells[2:]]),
    "quotes inside": lambda cells: ",".join([cells[0], f'"{cells[1]}"说"{cells[1]}"', *cells[2:]]),
    "NUL": lambda cells: ",".join([cells[0], cells[1] + "\0", *cells[2:]]),
}


@RELAXED
@given(
    st.lists(st.tuples(SIMPLE, SIMPLE, SIMPLE, st.sampled_from(sorted(DAMAGE))), min_size=1, max_size=30),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_rows_and_rejects_are_the_rows_of_the_file(tmp_path, drawn, codec):
    lines = [DAMAGE[kind]([f"0{number}", *cells]) for number, (*cells, kind) in enumerate(drawn)]
    path = tmp_path / "dump.csv"
    path.write_bytes("\n".join([",".join(HEADERS), *lines]).encode(codec))
    rows, _, rejects = read(path, chunk_rows=7, delimiter=",")
    good = [f"0{number}" for number, (*_, kind) in enumerate(drawn) if kind == "none"]
    assert [row[0] for row in rows] == good
    assert [reject.row for reject in rejects] == [n + 2 for n, (*_, kind) in enumerate(drawn) if kind != "none"]


@RELAXED
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_plain_words(tmp_path, data):
    path = tmp_path / "dump.csv"
    path.write_bytes(data)
    message = ""
    rows: list[list[str]] = []
    texts: list[str] = []
    try:
        rows, texts, _ = read(path, needs_text=False)
    except GenyinError as error:
        message = str(error)
    assert len(rows) == len(texts)
    assert not message or "dump.csv" in message


@RELAXED
@given(TABLES, st.integers(0, 300), st.sampled_from(['"', ",", "\n", "\0", '""', '"\n']))
def test_one_stray_sign_never_loses_a_row(tmp_path, rows, place, sign):
    content = as_csv([[cell.replace("\n", "").replace('"', "") for cell in row] for row in rows])
    body = content.index("\n") + 1
    place = body + place % (len(content) - body)
    path = tmp_path / "dump.csv"
    path.write_text(content[:place] + sign + content[place:], encoding="utf-8", newline="")
    found, _, rejects = read(path, delimiter=",")
    whole = {row[0] for row in rows}
    lost = whole - {row[0] for row in found}
    assert len(lost) <= 1 + ("\n" in sign)
    assert len(found) + len(rejects) >= len(rows) - 1


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_very_long_text_is_read_with_and_without_quotes(tmp_path, quote):
    path = tmp_path / "dump.csv"
    long = "断网" * 100_000
    path.write_text(f"客服流水号,投诉内容\n01,{quote}{long}{quote}\n02,网慢\n", encoding="utf-8")
    found, _, rejects = read(path)
    assert ([row[1] for row in found], rejects) == ([long, "网慢"], [])
