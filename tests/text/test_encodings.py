import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError, UsageError
from pipeline.text.files.encodings import BLOCK, decode_strictly, detect_encoding, unmarked_utf16

TEXT = "编号,投诉内容\n1,宽带断网两天没有人处理\n"


def codec_of(data: bytes, wanted: str | None = None) -> str:
    return detect_encoding(lambda: io.BytesIO(data), "dump.csv", wanted).codec


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
    ],
)
def test_each_encoding_is_found_and_reads_the_same(written, found):
    data = TEXT.encode(written)
    assert decode_strictly(data, "dump.csv") == (TEXT, found)


def test_utf16_big_endian_with_mark():
    assert decode_strictly(b"\xfe\xff" + TEXT.encode("utf-16-be"), "dump.csv") == (TEXT, "utf-16")


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=80))
def test_han_text_survives_every_encoding(text):
    for codec in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert decode_strictly((TEXT + text).encode(codec), "x")[0] == TEXT + text


def test_a_bad_byte_far_behind_is_found_before_reading():
    good = TEXT.encode()
    data = good * (2 * BLOCK // len(good)) + b"2,\xff\xfe\n"
    offset = len(data) - 3
    with pytest.raises(InputError, match=rf"UTF-8 with damage: byte 0xff at offset {offset:,} \(line [\d,]+\)"):
        codec_of(data)


def test_damage_in_gbk_names_byte_and_line():
    data = "编号,内容\n1,断网".encode("gbk") + b"\xff\n"
    with pytest.raises(InputError, match=r"neither UTF-8 nor GB18030 \(GBK\): byte 0xff at offset 16 \(line 2\)"):
        codec_of(data)


def test_a_character_cut_at_the_end_of_utf8_is_damage_and_not_gbk():
    with pytest.raises(InputError, match="UTF-8 with damage"):
        codec_of("宽带断网两天了没人管".encode()[:-1])


def test_a_character_split_between_two_blocks_is_no_damage():
    assert codec_of(b"a" * (BLOCK - 1) + "断".encode()) == "utf-8"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "id,text,time,channel\n1,断网,2020,a",
        # hardly a byte 0 but in 一, whose own is on the other side
        "投诉内容\n一直没有信号一个月了也没有人来看一看，客服说第一时间处理\n",
        "投诉内容\r\n宽带断网，装维师傅说下周一才来\r\n",
        '{"投诉内容": "电梯里没信号"}\n',
        "投诉内容,备注\n网速慢😡😡,💢\n乱扣费👍🏻⭐,\n",
    ],
)
def test_utf16_without_mark_is_read_where_it_is_certain(codec, text):
    assert decode_strictly(text.encode(codec), "dump.csv") == (text, codec)


def test_the_mark_of_gb18030_is_no_part_of_the_text():
    assert decode_strictly(("\ufeff" + TEXT).encode("gb18030"), "dump.csv") == (TEXT, "gb18030")


def test_utf16_without_mark_in_unusual_letters_is_refused_with_a_hint():
    with pytest.raises(InputError, match="UTF-16 without a byte order mark; say so with --encoding utf-16-be"):
        codec_of("id,text,time\n1,ᠮᠣᠩᠭᠣᠯ,2020".encode("utf-16-be"))


def test_damaged_utf16_without_mark_names_the_place():
    with pytest.raises(InputError, match=r"UTF-16 without a byte order mark, and damaged: byte 0x\w\w at offset"):
        codec_of("编号,投诉内容\n1,宽带断网两天没有人处理\n".encode("utf-16-le")[:-1])


@given(st.text(st.characters(codec="gb18030", exclude_characters="\0"), max_size=60))
def test_text_in_gb18030_or_utf8_is_never_taken_for_utf16(text):
    assert unmarked_utf16((TEXT + text).encode(), "x") == ""
    assert unmarked_utf16((TEXT + text).encode("gb18030"), "x") == ""


def test_bytes_0_strewn_into_a_text_make_no_utf16():
    for codec in ("utf-8", "gb18030"):
        data = bytearray((TEXT * 20).encode(codec))
        data[100:100] = b"\0" * 7
        assert unmarked_utf16(bytes(data), "x") == ""


def test_the_users_word_counts():
    assert codec_of("断网".encode("gbk"), "GBK") == "gb18030"
    with pytest.raises(InputError, match=r"dump\.csv is not gb18030: byte"):
        codec_of(b"\xff\xff", "gbk")
    with pytest.raises(UsageError, match="unknown encoding 'gbkk'"):
        codec_of(b"", "gbkk")


def test_lines_are_counted():
    assert detect_encoding(lambda: io.BytesIO(b"a\nb\nc"), "x").lines == 3
