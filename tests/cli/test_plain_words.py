"""What goes wrong is said in the language of the user, without words of libraries."""

import json
import sqlite3
import zipfile

import pytest

from pipeline.settings import load_settings
from tests.cli.conftest import genyin_here


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("投诉内容\n" + "宽带断了三天没人修\n" * 2000, encoding="utf-8-sig")
    return tmp_path


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("insights", "a.csv", "--subscribers", "nope"), "'--subscribers' 的值不正确：找不到文件 'nope'。"),
        (("review", "a.csv", "--key-file", "nokey"), "'--key-file' 的值不正确：找不到文件 'nokey'。"),
        (("review", "a.csv", "--key-file", "."), "'--key-file' 的值不正确：'.' 是文件夹，请给出文件。"),
    ],
)
def test_files_that_are_not_there(folder, command, said):
    done = genyin_here(*command, "--lang", "zh")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"错误: {said}")


def test_damaged_files_are_told_without_words_of_libraries(folder):
    with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write("a.csv")
    packed = bytearray((folder / "a.zip").read_bytes())
    packed[60:70] = b"\xff" * 10
    (folder / "a.zip").write_bytes(packed)
    (folder / "no.db").write_bytes(b"hello, this is no database" * 40)
    for command, said in (
        (("columns", "a.zip"), "a.zip/a.csv 无法解压：其中的压缩数据已损坏"),
        (("problems", "list", "--register", "sqlite:///no.db"), "无法使用：这个文件不是数据库。"),
    ):
        done = genyin_here(*command, "--lang", "zh")
        assert done.returncode == 1
        assert said in done.stderr


def test_what_is_no_table_of_users_is_not_called_utf16(folder):
    with sqlite3.connect("users.db") as database:
        database.execute("create table users (n integer)")
    database.close()
    (folder / "users.bin").write_bytes((folder / "users.db").read_bytes()[20:])
    for name, said in (("users.db", "是数据库（SQLite），例如问题台账"), ("users.bin", "不是文本文件")):
        done = genyin_here("insights", "a.csv", "--subscribers", name, "--lang", "zh", "-q")
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_the_history_of_models_says_verdicts_in_words(folder):
    (folder / "genyin-models").mkdir()
    entry = {"at": "2026-03-01T08:00:00Z", "who": "李工", "action": "activate", "previous": "default", "name": "may"}
    told = [json.dumps({**entry, "verdict": one}) for one in ("undecided", "not_compared")]
    (folder / "genyin-models" / "journal.jsonl").write_text("\n".join(told) + "\n", encoding="utf-8")
    lines = genyin_here("models", "history", "--lang", "zh").stdout.splitlines()
    assert [line.split("  ")[-1] for line in lines] == ["差异不足以下结论", "未作比较"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_settings_may_be_saved_by_any_editor_and_say_the_language(folder, encoding):
    (folder / "genyin.toml").write_text('lang = "zh"\r\ntext = "没有这一列"\r\n', encoding=encoding, newline="")
    assert load_settings().text == ("没有这一列",)
    assert "没有列 '没有这一列'" in genyin_here("columns", "a.csv", GENYIN_LANG="").stderr


def test_settings_in_no_known_encoding_are_told(folder):
    (folder / "genyin.toml").write_bytes(b'lang = "zh"\xff\xff\n')
    done = genyin_here("columns", "a.csv", "--lang", "zh")
    assert done.returncode == 2
    assert "设置文件 genyin.toml 既不是 UTF-8 也不是 GBK 编码：请用记事本打开" in done.stderr
