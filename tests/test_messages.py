"""Chinese messages: the table itself, and filled messages as a person meets them."""

import re
import tomllib
from collections.abc import Callable
from itertools import count
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import errors, messages
from pipeline.cli.app import genyin
from pipeline.messages import template_pattern, translated
from pipeline.model.store import read_manifest
from pipeline.records import Role
from pipeline.resources import data_file
from pipeline.settings import load_settings
from pipeline.text.cutting.user_dictionary import read_user_words
from pipeline.text.reading import open_dump

ENTRIES = tomllib.loads(data_file("messages_zh.toml").read_text(encoding="utf-8"))["message"]
PAIRS = {entry["en"]: entry["zh"] for entry in ENTRIES}
HOLE = re.compile(r"\{\d*\}")


def test_every_role_and_every_unused_kind_has_its_own_chinese_name() -> None:
    names = tomllib.loads(data_file("messages_zh.toml").read_text(encoding="utf-8"))
    headers = tomllib.loads(data_file("headers.toml").read_text(encoding="utf-8"))
    assert set(names["roles"]) == set(Role)
    assert set(names["unused"]) == set(headers["unused"])
    assert len(set(names["roles"].values())) == len(names["roles"])


def test_no_english_message_stands_twice() -> None:
    assert len(PAIRS) == len(ENTRIES)


@pytest.mark.parametrize("english", PAIRS)
def test_a_pair_carries_the_same_parts_in_chinese(english: str) -> None:
    chinese = PAIRS[english]
    places = count()
    used = {int(hole[1:-1]) if hole != "{}" else next(places) for hole in HOLE.findall(chinese)}
    assert used == set(range(len(HOLE.findall(english))))
    assert re.search("[\u4e00-\u9fff]", HOLE.sub("", chinese))
    assert " " in english, "a column, file or sheet of this name would be translated in every message"


@pytest.mark.parametrize("english", PAIRS)
@pytest.mark.parametrize("parts", [("投诉明细.csv", "7"), ("copy (1), new.csv", "a.b"), ("'a b'", "7")])
def test_a_message_finds_its_own_pair(english: str, parts: tuple[str, str]) -> None:
    def part(place: int) -> str:
        return parts[0] if place == 0 else f"{parts[1]}{place}"

    places = count()
    expected = HOLE.sub(lambda hole: part(int(hole[0][1:-1] or next(places))), PAIRS[english])
    places = count()
    assert translated(HOLE.sub(lambda _: part(next(places)), english), "zh") == expected


ROUND_TRIPS = {
    "text is empty": "投诉文本为空",
    "too few cells: 3 where the header has 7": "单元格太少：本行 3 个，表头 7 个",
    "the complaint id stands already in row 3": "投诉编号与第 3 行重复",
    "the complaint id stands already in row 3 of row 5.csv": "投诉编号与 row 5.csv 第 3 行重复",
    "the line is not valid JSON (Expecting value, line 1 column 7)": "该行不是有效的 JSON"
    "（第 1 行第 7 列：缺少值，或值的写法不对）",
    "the sheet 说明 was left out: a.xlsx (说明) has no rows": "工作表“说明”没有读取：a.xlsx (说明) 中没有数据行",
    "the sheet 汇总 was left out: a.xlsx has no column that is known to hold the complaint text. Columns seen: "
    "月份, 件数 … and 3 more. Name it with --text COLUMN or --column text=HEADER": "工作表“汇总”没有读取：a.xlsx "
    "中没有认出投诉文本列。现有的列：月份, 件数 …… 另有 3 列。请用 --text 列名 或 --column text=列名 指定。",
    "All 2 rows contradict each other: contradictory duplicate: labelled billing|tariff here and "
    "coverage in a.csv:9.": "全部 2 行互相矛盾：同文不同标签：本行标为 billing|tariff，a.csv:9 标为 coverage。",
    "genyin.toml: jobs = 'all' cannot be used; give a whole number, -1 for all cores.": "genyin.toml：jobs = 'all' "
    "不能用；请写整数，-1 表示用全部核心。",
    "Writing to out failed: No space left on device. Check the free space and the permissions; nothing was changed "
    "there.": "写入 out 失败：磁盘空间不足。请检查磁盘空间和权限；其中原有的文件没有改动。",
    "照片.csv is a picture: give a CSV, Excel, JSON Lines or Parquet file": "照片.csv 是图片。请提供 CSV、Excel、"
    "JSON Lines 或 Parquet 文件。",
    str(errors.missing_extra("pyarrow", "parquet", "Parquet files")): "读写 Parquet 文件需要 pyarrow 包，目前没有安装。"
    '请运行：pip install "genyin[parquet]"',
}


@pytest.mark.parametrize("english", ROUND_TRIPS)
def test_a_filled_message_reads_as_chinese_throughout(english: str) -> None:
    assert translated(english, "zh") == ROUND_TRIPS[english]


def _open(path: Path) -> object:
    return open_dump([path])


FAILURES: dict[str, tuple[bytes, Callable[[Path], object], str]] = {
    "a.json": (b'[{"a":1,,}]', _open, "{0} 不是有效的 JSON（第 1 行第 9 列：缺少用双引号括起来的名称）；"
    "请每行写一个对象，或者整个文件写一个列表。"),
    "a.csv": ("投诉内容\n宽带断网三天没有人处理\n".encode() + b"\xff", _open, "{0} 是 UTF-8 编码，但有损坏：第 3 行"
    "的字节 0xff（偏移 47）无法识别。请把文件另存为 UTF-8 或 GBK，或用 --encoding 指定编码。"),
    "b.toml": (b"jobs = x", load_settings, "设置文件 {0} 不是有效的 TOML：第 1 行第 8 列，"
    "值的写法不对（文本要加引号）。"),
    "words.txt": ("光猫\n携号\t转网 3".encode(), read_user_words, "{0} 第 2 行：'携号\\t转网' 中含有空白，在文本中永远"
    "匹配不到。请每行写一个词，词频和词性前各留一个空格：词 [词频] [词性]。"),
    "model.json": (b"", lambda path: read_manifest(path.parent), "{0} 已损坏（第 1 行第 1 列（第 0 个字符），缺少值，"
    "或值的写法不对）。请重新训练模型，或重新复制整个文件夹。"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_what_the_code_really_says_has_its_chinese(name: str, tmp_path: Path) -> None:
    content, read, expected = FAILURES[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(errors.GenyinError, match=re.escape(str(path))) as failure:
        read(path)
    assert translated(str(failure.value), "zh") == expected.format(path)


CLICKS = {
    "classify": "缺少参数 'INPUT...'。",
    "train a.csv": "缺少选项 '--model'。",
    "xyzzy": "没有命令 'xyzzy'。",
    "classify --zzz a": "没有选项 '--zzz'。",
    "classify --modle x a": "没有选项 '--modle'。您要的是 '--model' 吗？",
    "classify a --lang fr": "'--lang' 的值不正确：'fr' 不在可选的值之内；可选：'zh', 'en'。",
    "classify a --jobs x": "'--jobs' 的值不正确：'x' 不是整数。",
    "train a --model m --folds 1": "'--folds' 的值不正确：1 不在范围 2<=x<=50 之内。",
    "train a --model m --dictionary none": "'--dictionary' 的值不正确：找不到 'none'。",
    "explain 断网 三天": "多出了参数：三天。含空格的文件名或文本请加双引号。",
    "classify a --model": "选项 '--model' 后面要写一个值。",
    "classify a --quiet=1": "选项 '--quiet' 后面不能写值。",
}


@pytest.mark.parametrize("call", CLICKS)
def test_a_wrong_call_is_answered_in_chinese(call: str) -> None:
    with pytest.raises(click.ClickException, match=r"\w") as failure:
        genyin.main(args=call.split(), prog_name="genyin", standalone_mode=False)
    # older versions of click leave some quotes out
    assert translated(failure.value.format_message(), "zh").replace("'", "") == CLICKS[call].replace("'", "")


@given(st.text())
def test_what_is_not_in_the_table_stays_as_it_is(message: str) -> None:
    known = any(template_pattern(english).fullmatch(message) for english in PAIRS)
    assert known or translated(message, "zh") == message


@given(st.sampled_from(sorted(PAIRS)), st.lists(st.text(), min_size=8, max_size=8))
def test_whatever_a_message_carries_it_is_translated(english: str, parts: list[str]) -> None:
    rest = iter(parts)
    filled = HOLE.sub(lambda _: next(rest), english)
    assert re.search("[\u4e00-\u9fff]", translated(filled, "zh"))
    assert translated(filled, "en") == filled


def test_the_table_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    translated("text is empty", "zh")
    monkeypatch.setattr(messages, "data_file", lambda name: pytest.fail(f"{name} was read again"))
    assert translated("the label is empty", "zh") == "标签为空"


def test_names_in_messages_are_those_that_people_read() -> None:
    from pipeline.register.fields import FIELDS
    from pipeline.register.lifecycle import CHINESE

    names = tomllib.loads(data_file("messages_zh.toml").read_text(encoding="utf-8"))["names"]
    people = {state.value: chinese for state, chinese in CHINESE.items()}
    people |= {name: field.chinese for name, field in FIELDS.items()}
    assert {name: names[name] for name in people} == people


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "P-0001 needs root_cause, workaround before it can be known_error (已知错误).",
            "P-0001 须先填写 问题原因, 临时措施，才能进入 已知错误。",
        ),
        (
            "The field due cannot be 'soon'; give a day such as 2026-03-01.",
            "字段 计划完成时间 不能是 'soon'；请给出日期，如 2026-03-01。",
        ),
        ("The field owner is given twice.", "字段 责任人 写了两次。"),
        (
            "P-0001 cannot go from known_error (已知错误) to open (新发起). Allowed are: fixing (整改实施中), closed "
            "(已完成).",
            "P-0001 不能从 已知错误 变为 新发起。允许变为：整改实施中, 已完成。",
        ),
        ("There is no state 'done'. States are: open (新发起).", "没有状态 'done'。可用状态：新发起。"),
        (
            "P-0001 was changed after you read version 2. 李工 2026-03-01 08:00 set (owner: – → 李工, state: open → "
            "closed). Nothing of yours was saved: read it again (version 3) and repeat your change.",
            "P-0001 在您读取之后（版本 2）已被改动。李工 2026-03-01 08:00 填写 (责任人: – → 李工, 状态: 新发起 → "
            "已完成)。您的改动未保存：请重新读取（版本 3）后再改。",
        ),
    ],
)
def test_fields_in_messages_go_by_their_chinese_names(english: str, chinese: str) -> None:
    assert translated(english, "zh") == chinese
