"""User dictionaries and stop words as files of people: any encoding a dump may have, comments, and clear errors."""

import pytest

from pipeline.errors import InputError
from pipeline.text.preparing import read_word_list

WORDS = ("光猫 100", "全球通", "彩铃")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_word_list_is_read_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "words.txt"
    path.write_text("# 我们的词\n\n" + "\n".join(WORDS) + "\n", encoding=encoding)
    assert read_word_list(path, "userdict.txt") == WORDS


def test_a_word_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.txt does not exist\. Check the path\."):
        read_word_list(tmp_path / "none.txt", "userdict.txt")


def test_a_damaged_word_list_is_named(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("光猫".encode() + b"\xff\xff\n")
    with pytest.raises(InputError, match=r"words\.txt"):
        read_word_list(path, "userdict.txt")
