import gzip
import io
import json
import zipfile
from datetime import datetime

import pytest

from pipeline.errors import InputError, MissingExtraError
from pipeline.records import Role
from pipeline.text.files.describing import describe
from pipeline.text.files.packing import MAX_RATIO
from pipeline.text.reading import ReadOptions, open_dump, read_lines

HEADERS = ["客服流水号", "投诉内容", "受理时间"]
ROWS = [["007", "宽带断网两天没有人处理", "2019/3/7 17:18:50"], ["008", "套餐多扣了钱,要求退费", "2019-03-08"]]
CSV = (
    "客服流水号,投诉内容,受理时间\n"
    "007,宽带断网两天没有人处理,2019/3/7 17:18:50\n"
    '008,"套餐多扣了钱,要求退费",2019-03-08\n'
)


def write(path, content, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, **options):
    """Return (rows, texts, rejects) of all chunks, and the dump."""
    dump = open_dump([path], ReadOptions(**options))
    chunks = list(dump.chunks())
    return (
        [row for chunk in chunks for row in chunk.rows],
        [text for chunk in chunks for text in chunk.texts],
        [reject for chunk in chunks for reject in chunk.rejects],
        dump,
    )


def reasons(path, **options):
    return [(reject.row, reject.reason) for reject in read(path, **options)[2]]


def test_a_plain_csv(tmp_path):
    rows, texts, rejects, dump = read(write(tmp_path / "a.csv", CSV))
    assert rows == ROWS
    assert texts == [row[1] for row in ROWS]
    assert rejects == []
    source = dump.sources[0]
    assert (source.format, source.encoding, source.delimiter, source.header_row) == ("csv", "utf-8", ",", 1)
    assert source.roles == {
        Role.COMPLAINT_ID: ("客服流水号",),
        Role.TEXT: ("投诉内容",),
        Role.ACCEPT_TIME: ("受理时间",),
    }
    assert (dump.headers, dump.rows_guess, dump.total_bytes) == (tuple(HEADERS), 2, len(CSV.encode()))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_every_delimiter(tmp_path, delimiter):
    lines = [delimiter.join(line) for line in (HEADERS, ["1", "断网了", "2020-01-01"], ["2", "多扣费", "2020-01-02"])]
    rows, _, _, dump = read(write(tmp_path / "a.txt", "\n".join(lines)))
    assert dump.sources[0].delimiter == delimiter
    assert rows[1] == ["2", "多扣费", "2020-01-02"]


def test_plain_lines_with_commas_are_one_column(tmp_path):
    _, texts, _, dump = read(
        write(tmp_path / "a.txt", '宽带断网两天, 没有人处理这件事\n"多扣费, 要求退费, 尽快给我答复\n')
    )
    assert texts == ["宽带断网两天, 没有人处理这件事", '"多扣费, 要求退费, 尽快给我答复']
    assert dump.headers == ("列1",)
    assert "no header row was found" in dump.sources[0].notes[0]


def test_a_file_without_header_but_with_one_text_column(tmp_path):
    path = write(tmp_path / "a.csv", "1,宽带断网两天没有人处理\n2,套餐多扣了钱要求退费\n")
    _, texts, _, dump = read(path)
    assert dump.headers == ("列1", "列2")
    assert texts == ["宽带断网两天没有人处理", "套餐多扣了钱要求退费"]
    assert any("only column of long Chinese text" in note for note in dump.sources[0].notes)


def test_short_complaints_one_a_line_need_no_header(tmp_path):
    _, texts, _, dump = read(write(tmp_path / "t.txt", "宽带掉线\n没信号\n乱扣费\n"))
    assert texts == ["宽带掉线", "没信号", "乱扣费"]
    assert any("it is the only column" in note for note in dump.sources[0].notes)
    with pytest.raises(InputError, match="no column that is known"):
        read(write(tmp_path / "n.txt", "1001\n1002\n1003\n"))


def test_without_complaint_ids_it_is_said_that_repeats_are_not_seen(tmp_path):
    said = "repeats cannot be seen"
    without = open_dump([write(tmp_path / "a.csv", "投诉内容,地市\n断网,临江\n断网,临江\n")])
    assert any(said in note for note in without.sources[0].notes)
    known = open_dump([write(tmp_path / "b.csv", "客服流水,投诉内容\n1,断网\n2,断网\n")])
    assert known.sources[0].roles[Role.COMPLAINT_ID] == ("客服流水",)
    assert not any(said in note for note in known.sources[0].notes)


def test_an_unknown_text_header_is_found_by_content_and_said(tmp_path):
    path = write(tmp_path / "a.csv", "甲,乙,吐槽\n1,好,宽带断网两天没有人来处理\n2,坏,套餐多扣了钱要求退费\n")
    assert read(path)[1][0] == "宽带断网两天没有人来处理"
    assert describe(open_dump([path])).sources[0].columns[2].why == "content"


def test_a_known_word_among_the_values_is_no_header(tmp_path):
    path = write(tmp_path / "a.csv", "甲,吐槽,类\nK1,宽带断网两天没有人来处理,资费\nK2,要求退费给我才满意,套餐\n")
    assert open_dump([path]).headers == ("甲", "吐槽", "类")


@pytest.mark.parametrize("header", ["投诉内容", '"投诉内容"', "内容"])
def test_one_column_with_commas_in_its_texts(tmp_path, header):
    path = write(tmp_path / "a.txt", f"{header}\n断网, 没人管\n慢, 要退费\n")
    assert read(path)[1] == ["断网, 没人管", "慢, 要退费"]


def test_a_header_cell_with_a_line_break_and_a_sep_line(tmp_path):
    rows, _, _, dump = read(write(tmp_path / "a.csv", 'sep=;\n编号;"投诉\n内容"\n1;断网\n'))
    assert (dump.headers, rows) == (("编号", "投诉内容"), [["1", "断网"]])


def test_a_header_without_rows_gives_no_chunk(tmp_path):
    assert list(open_dump([write(tmp_path / "a.csv", "id,text\n")]).chunks()) == []


def test_missing_text_lists_headers_and_option(tmp_path):
    path = write(tmp_path / "a.csv", "id,渠道\n1,电话\n2,网站\n")
    with pytest.raises(
        InputError, match=r"a\.csv has no column .* Columns seen: id, 渠道\. Name it with --text COLUMN"
    ):
        open_dump([path])
    assert read(path, needs_text=False)[0] == [["1", "电话"], ["2", "网站"]]


def test_ambiguous_text_is_an_error(tmp_path):
    path = write(tmp_path / "a.csv", "编号,甲,乙\n1,宽带断网两天没有人来处理,套餐多扣了钱要求退费给我\n")
    with pytest.raises(InputError, match=r"several columns could be the complaint text \(甲, 乙\)"):
        open_dump([path])
    assert read(path, columns={Role.TEXT: ("乙", "甲")})[1] == ["套餐多扣了钱要求退费给我\n宽带断网两天没有人来处理"]


def test_a_wrong_override_lists_the_headers(tmp_path):
    path = write(tmp_path / "a.csv", CSV)
    with pytest.raises(
        InputError, match=r"column '内容' \(wanted as text\) is not in .*Columns seen: 客服流水号, 投诉内容"
    ):
        open_dump([path], ReadOptions(columns={Role.TEXT: ("内容",)}))


def test_title_and_text_join_and_equal_ones_do_not(tmp_path):
    path = write(tmp_path / "a.csv", "id,title,text\n1,断网,两天没网\n2,断网,断网\n3,,没网\n4,慢,\n")
    assert read(path)[1] == ["断网\n两天没网", "断网", "没网", "慢"]


def test_title_rows_duplicate_headers_and_junk_columns(tmp_path):
    content = "2024年投诉日报,,,,\n,,,,\n编号,内容,内容,,\n1,断网了,备注,垃圾,\n2,没网,,,\n"
    rows, _, rejects, dump = read(write(tmp_path / "a.csv", content))
    assert dump.headers == ("编号", "内容", "内容.1")
    assert rows == [["1", "断网了", "备注"], ["2", "没网", ""]]
    assert (rejects, dump.sources[0].header_row) == ([], 3)
    notes = " / ".join(dump.sources[0].notes)
    assert "1 title rows above the header" in notes
    assert "to the right of '内容' were left out" in notes


def test_empty_header_in_the_middle_gets_a_name(tmp_path):
    assert read(write(tmp_path / "a.csv", "编号,,内容\n1,x,断网\n"))[3].headers == ("编号", "列2", "内容")


def test_order_ids_are_not_complaint_ids(tmp_path):
    path = write(tmp_path / "a.csv", "工单号,客服流水号,投诉内容\nG1,K1,断网\nG2,K1,断网\nG2,K1,断网\nG3,K2,慢\n")
    dump = open_dump([path])
    assert dump.sources[0].roles[Role.COMPLAINT_ID] == ("客服流水号",)
    reading = dump.read()
    chunks = list(reading)
    assert [len(chunk) for chunk in chunks] == [3]
    assert [(r.row, r.reason) for r in chunks[0].rejects] == [(4, "the complaint id stands already in row 2")]
    assert reading.notes == ("1 complaints have several orders; each counts once as a complaint",)
    assert reading.rows_seen == 4


def test_an_order_id_alone_serves_as_id_and_that_is_said(tmp_path):
    path = write(tmp_path / "a.csv", "工单号,投诉内容\nG1,断网\nG1,慢\n")
    rows, _, rejects, dump = read(path)
    assert dump.sources[0].roles[Role.COMPLAINT_ID] == ("工单号",)
    assert "serves as the complaint id" in dump.sources[0].notes[0]
    assert (len(rows), rejects[0].row) == (1, 3)


def test_repeats_across_files_count_only_with_the_same_headers(tmp_path):
    first = write(tmp_path / "a.csv", "id,text\n1,断网\n")
    write(tmp_path / "b.csv", "id,text\n1,断网\n2,慢\n")
    write(tmp_path / "c.csv", "id,content\n1,断网\n")
    chunks = list(open_dump([tmp_path / "*.csv"]).chunks())
    assert [(len(chunk.rows), len(chunk.rejects)) for chunk in chunks] == [(1, 0), (1, 1), (1, 0)]
    assert chunks[1].rejects[0].reason == f"the complaint id stands already in row 2 of {first}"


def test_damaged_rows_are_rejected_with_their_row(tmp_path):
    content = (
        'id,text,time\n1,断网,x\n2,少了\n3,多,了,x\n4,"没有关,x\n5,好的,x\n'
        '6,空\0字,x\n7, ,x\n\n,,\n8,"引"号"多,x\n9,末,x\n'
    )
    path = write(tmp_path / "a.csv", content)
    rows, _, rejects, dump = read(path)
    assert [row[0] for row in rows] == ["1", "5", "9"]
    assert [(r.row, r.reason) for r in rejects] == [
        (3, "too few cells: 2 where the header has 3"),
        (4, "too many cells: 4 where the header has 3"),
        (5, "a quote is opened and not closed properly"),
        (7, "the row holds a NUL character"),
        (8, "text is empty"),
        (11, "a quote is opened and not closed properly"),
    ]
    reading = dump.read()
    list(reading)
    assert reading.notes == ("2 empty rows were passed over",)


def test_a_damaged_row_over_several_lines_is_one_reject(tmp_path):
    path = write(tmp_path / "a.csv", 'id,text,time\n1,"第一行\n第二行\n第三行,x\n2,好,y\n')
    assert [row[0] for row in read(path)[0]] == ["2"]
    assert [row for row, _ in reasons(path)] == [2]


def test_two_stray_quotes_that_fit_by_chance_swallow_nothing(tmp_path):
    lines = ["id,text,time", '1,"断网,a', *(f"{n},好的,b" for n in range(2, 50)), '50,断网",c', "51,末,d"]
    path = write(tmp_path / "a.csv", "\n".join(lines))
    rows, _, rejects, _ = read(path)
    assert len(rows) + len(rejects) == 51
    assert [reject.row for reject in rejects] == [2]


def test_text_over_several_lines_stays_whole(tmp_path):
    path = write(tmp_path / "a.csv", 'id,text\r\n1,"第一行\r\n第二行, 还有""引号"""\r\n2,"_x000d_\n好_x000D_"\r\n')
    assert read(path)[0] == [["1", '第一行\n第二行, 还有"引号"'], ["2", "\n好"]]


def test_chunks_may_be_read_twice_and_keep_their_size(tmp_path):
    path = write(tmp_path / "a.csv", "id,text\n" + "".join(f"{n},断网\n" for n in range(25)))
    dump = open_dump([path], ReadOptions(chunk_rows=10))
    assert [len(chunk) for chunk in dump.chunks()] == [10, 10, 5]
    assert [chunk.numbers[0] for chunk in dump.chunks()] == [2, 12, 22]


def test_json_lines_keep_digits_and_reject_garbage(tmp_path):
    lines = [
        '{"id": "007", "text": "断网"}',
        "{bad",
        "",
        '{"id": 12345678901234567890, "text": "慢", "extra": {"a": [1.50]}}',
        "[1]",
    ]
    rows, _, rejects, dump = read(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert rows == [["007", "断网", ""], ["12345678901234567890", "慢", '{"a": ["1.50"]}']]
    assert [(r.row, r.reason.partition(" (")[0]) for r in rejects] == [
        (2, "the line is not valid JSON"),
        (5, "the line is not a JSON object"),
    ]
    assert dump.headers == ("id", "text", "extra")


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"data": rows, "total": 1}])
def test_json_documents(tmp_path, wrap):
    rows = [{"id": "1", "text": "断网"}, {"text": "慢", "id": None}]
    path = write(tmp_path / "a.json", json.dumps(wrap(rows), ensure_ascii=False, indent=1))
    assert read(path)[0] == [["1", "断网"], ["", "慢"]]


def test_gzip_and_zip_members(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CSV.encode("gbk")))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("一月.csv", CSV)
        archive.writestr("__MACOSX/._一月.csv", "x")
        archive.writestr("sub/二月.csv", CSV.replace("007", "107").replace("008", "108"))
    dump = open_dump([tmp_path / "a.csv.gz"])
    assert [chunk.rows for chunk in dump.chunks()] == [ROWS]
    sources = open_dump([tmp_path / "b.zip"]).sources
    assert [source.file for source in sources] == [
        f"{tmp_path / 'b.zip'}/一月.csv",
        f"{tmp_path / 'b.zip'}/sub/二月.csv",
    ]


def test_a_zip_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (70 << 20))
    with pytest.raises(InputError, match=f"the limit is .* bytes and {MAX_RATIO} times"):
        open_dump([tmp_path / "a.zip"])


def test_a_gzip_bomb_and_a_cut_gzip_are_refused(tmp_path):
    bomb = write(tmp_path / "a.csv.gz", gzip.compress(b"0" * (70 << 20)))
    with pytest.raises(InputError, match="unpack it first"):
        open_dump([bomb])
    cut = write(tmp_path / "b.csv.gz", gzip.compress(CSV.encode() * 99)[:-20])
    with pytest.raises(
        InputError, match="cannot be unpacked: it breaks off, so the copy is not complete; copy or download it again"
    ):
        open_dump([cut])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 ....", "is a PDF file"),
        (b"PAR1 broken PAR1", "is a damaged Parquet file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "cannot be read as an Excel workbook: it is damaged, or of a kind that is not known\\. Open",
        ),
        (b"PK\x03\x04 broken", "cannot be unpacked: it breaks off"),
        (b"<html><body>no</body></html>", "without a table"),
        (b'[{"a": 1},', "is not valid JSON"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        open_dump([write(tmp_path / "a.dat", content)])


def test_inputs_that_are_not_there(tmp_path):
    with pytest.raises(InputError, match=r"is a folder; name the files in it, e\.g\. .*\*\.csv"):
        open_dump([tmp_path])
    with pytest.raises(InputError, match="the name of an input is empty: name a file"):
        open_dump([""])
    with pytest.raises(InputError, match=r"nothing\.csv does not exist"):
        open_dump([tmp_path / "nothing.csv"])
    with pytest.raises(InputError, match=r"no file matches .*\*\.xlsx"):
        open_dump([str(tmp_path / "*.xlsx")])
    with pytest.raises(InputError, match="no input"):
        open_dump([])


def test_parquet_without_its_extra_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(MissingExtraError, match=r'pip install "genyin\[parquet\]"'):
        open_dump([write(tmp_path / "a.parquet", b"PAR1....PAR1")])


def test_parquet_types_become_text(tmp_path):
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table(
        {"id": [1, 2], "text": ["断网", None], "time": [datetime(2019, 3, 7, 17, 18, 50), None], "n": [1.0, None]}
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    rows, _, rejects, dump = read(tmp_path / "a.parquet")
    assert rows == [["1", "断网", "2019-03-07 17:18:50", "1"]]
    assert [(r.row, r.reason) for r in rejects] == [(2, "text is empty")]
    assert dump.rows_guess == 2


def test_cut_ids_are_not_taken_for_repeats(tmp_path):
    path = write(tmp_path / "a.csv", "id,text\n1.23457E+17,断网\n1.23457E+17,慢\n")
    dump = open_dump([path])
    reading = dump.read()
    assert sum(len(chunk) for chunk in reading) == 2
    assert "more than 15 digits that Excel" in dump.sources[0].notes[0]
    assert reading.notes == ("2 complaint ids were cut by Excel (15 digits); repeats of them cannot be seen",)


def test_describe_shows_roles_and_no_customer_data(tmp_path):
    path = write(tmp_path / "a.csv", "序号,客服流水号,工单流水号,投诉内容,河流\n1,K1,L1,家里断网两天,甲河\n")
    view = describe(open_dump([path], ReadOptions(columns={Role.PLACE: ("河流",)}))).sources[0]
    assert [(column.header, column.kind, column.why) for column in view.columns] == [
        ("序号", "serial", "unused"),
        ("客服流水号", "complaint_id", "synonym"),
        ("工单流水号", "complaint_id", "alternate"),
        ("投诉内容", "text", "synonym"),
        ("河流", "place", "override"),
    ]
    assert view.unmapped == ()
    assert not any(secret in repr(view) for secret in ("家里断网两天", "甲河", "K1"))


def stream_rows(data, **options):
    chunks = list(read_lines(io.BytesIO(data), ReadOptions(**options)))
    return [row for chunk in chunks for row in chunk.rows], [r for chunk in chunks for r in chunk.rejects]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_lines_from_a_pipe(encoding):
    data = "宽带断网两天\n\n套餐多扣了钱\n".encode(encoding)
    for options in ({}, {"encoding": encoding}):
        rows, rejects = stream_rows(data, **options)
        assert (rows, rejects) == ([["宽带断网两天"], ["套餐多扣了钱"]], [])


def test_json_lines_from_a_pipe_widen_their_headers():
    data = '{"id": 1, "text": "断网"}\n\n{bad\n{"id": 2, "text": "慢", "time": "x"}\n'.encode()
    rows, rejects = stream_rows(data, chunk_rows=2)
    assert rows == [["1", "断网"], ["2", "慢", "x"]]
    assert [reject.row for reject in rejects] == [3]


def test_a_pipe_that_changes_its_encoding_is_refused():
    with pytest.raises(InputError, match=r"line 2: byte 0x.. is not utf-8"):
        stream_rows("断网了没人管\n".encode() + "断网了没人管\n".encode("gbk"), chunk_rows=1)


@pytest.mark.parametrize("codec", ["gb18030", "utf-16-le", "utf-16-be"])
def test_a_mark_is_never_part_of_the_first_header(tmp_path, codec):
    content = "\ufeff编号,投诉内容\n1,网速慢😡\n".encode(codec)
    wanted = None if codec == "gb18030" else codec
    dump = open_dump([write(tmp_path / "a.csv", content)], ReadOptions(encoding=wanted))
    assert dump.headers == ("编号", "投诉内容")
