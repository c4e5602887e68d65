import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.text.cutting.user_dictionary import UserWord, parse_user_words
from pipeline.text.tokenising import Tokeniser


def test_lines_are_parted_as_jieba_parts_them():
    lines = ["光猫", "携号转网 300", " 装维 n ", "", "大王卡 20 nz", "光猫 abc 12", "5G  7"]
    assert parse_user_words(lines) == (
        UserWord("光猫"),
        UserWord("携号转网", 300),
        UserWord("装维"),
        UserWord("大王卡", 20),
        UserWord("光猫 abc", 12),
        UserWord("5G ", 7),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_user_dictionary_is_read_from_a_file(tmp_path, encoding):
    path = tmp_path / "words.txt"
    path.write_bytes("# 网络\n\n光猫坏\r\n  携号转网 300 n \n#装维\n".encode(encoding))
    assert Tokeniser.from_file(path).fingerprint == Tokeniser(["光猫坏", "携号转网 300"]).fingerprint
    assert Tokeniser.from_file(path).cut("光猫坏了") == ["光猫坏", "了"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("光猫\t30", "holds white space"),
        ("光猫 30 30 n", "holds white space"),
        ("光猫 1000000001", "above 1000000000"),
        (f"光猫 {'9' * 5000}", "above 1000000000"),
        ("5 1001", "above 1000"),
    ],
)
def test_a_bad_line_is_named_with_its_file(tmp_path, line, message):
    path = tmp_path / "words.txt"
    path.write_text(f"# 词\n装维\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"words\.txt, line 3: .*{message}"):
        Tokeniser.from_file(path)


def test_a_user_dictionary_that_is_no_text(tmp_path):
    path = tmp_path / "words.bin"
    path.write_bytes(b"\x81\xff\xff\xfe")
    with pytest.raises(SettingsError, match=r"words\.bin is no text in UTF-8, GB18030 or UTF-16"):
        Tokeniser.from_file(path)
    with pytest.raises(SettingsError, match=r"missing\.txt cannot be read"):
        Tokeniser.from_file(tmp_path / "missing.txt")


@given(st.lists(st.text(st.sampled_from("光猫5Gan "), min_size=1).filter(lambda line: line.strip()), max_size=5))
def test_the_lines_of_a_tokeniser_make_one_that_cuts_alike(lines):
    tokeniser = Tokeniser(lines)
    again = Tokeniser(tokeniser.user_words)
    assert parse_user_words(again.user_words) == parse_user_words(lines)
    assert again.fingerprint == tokeniser.fingerprint


def test_a_user_word_over_two_lines_is_refused():
    with pytest.raises(SettingsError, match="is no user word"):
        Tokeniser(["光猫\n装维"])
