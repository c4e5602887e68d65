"""User words: the lines of a jieba user dictionary, and the file they are kept in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SettingsError

_LINE = re.compile(r"^(.+?)( [0-9]+)?( [a-z]+)?$")
_SYMBOL = re.compile(r"[a-zA-Z0-9+#&._%\-]")
# totals stay far below 2**53, where floating-point numbers begin to skip integers
_HIGHEST_FREQUENCY = 10**9
# above it, a run of such symbols could outweigh a word made of them, and the two could not be told apart afterwards
_HIGHEST_FREQUENCY_OF_A_SYMBOL = 1000


@dataclass(frozen=True, slots=True)
class UserWord:
    """One word of a user dictionary; frequency ``None``: as much as jieba finds needed, 0: the word is taken out."""

    word: str
    frequency: int | None = None

    @property
    def line(self) -> str:
        """The word as a line of a user dictionary, which reads as the same word.

        >>> [UserWord("光猫").line, UserWord("携号转网", 300).line, UserWord("光猫 坏").line]
        ['光猫', '携号转网 300', '光猫 坏 x']
        """
        if self.frequency is not None:
            return f"{self.word} {self.frequency}"
        # with a tag, no part of the word is taken for one
        return f"{self.word} x" if " " in self.word else self.word


def parse_user_word(line: str) -> UserWord:
    """Read one line of a jieba user dictionary: ``word [frequency] [tag]``; the tag plays no part in cutting.

    Raises ``SettingsError`` for a line that jieba could not read or whose effect could not be the same as in jieba.

    >>> parse_user_word("携号转网 300 n")
    UserWord(word='携号转网', frequency=300)
    >>> parse_user_word("光猫")
    UserWord(word='光猫', frequency=None)
    """
    match = _LINE.match(line.strip())
    if match is None:
        raise SettingsError(f"{line!r} is no user word. Write one word a line: word [frequency] [tag].")
    word, digits, _tag = match.groups()
    limit = _HIGHEST_FREQUENCY_OF_A_SYMBOL if _SYMBOL.fullmatch(word) else _HIGHEST_FREQUENCY
    # the length first: Python refuses to read numbers of thousands of digits
    if digits is not None and (len(digits) > 20 or int(digits) > limit):
        raise SettingsError(f"The frequency of the user word {word!r} is above {limit}. Give a smaller one, or none.")
    return UserWord(word, None if digits is None else int(digits))


def parse_user_words(lines: Iterable[str]) -> tuple[UserWord, ...]:
    """Read the lines of a user dictionary in their order, without the blank ones; ``SettingsError`` for a bad one."""
    return tuple(parse_user_word(line) for line in lines if line.strip())


def read_user_words(path: Path) -> tuple[UserWord, ...]:
    """Read a user dictionary file; blank lines and lines starting with ``#`` are left out.

    UTF-8 is tried first, then GB18030; UTF-16 needs its byte order mark. Raises ``SettingsError`` naming file and line.
    """
    words: list[UserWord] = []
    for number, line in enumerate(_decoded(path).split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            words.append(_without_spaces(parse_user_word(line)))
        except SettingsError as error:
            raise SettingsError(f"{path}, line {number}: {error}") from None
    return tuple(words)


def _without_spaces(word: UserWord) -> UserWord:
    if re.search(r"\s", word.word):
        raise SettingsError(
            f"{word.word!r} holds white space, so it would never be found in a text. "
            "Write one word a line, with single spaces before frequency and tag: word [frequency] [tag]."
        )
    return word


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"The user dictionary {path} cannot be read: {error.strerror}.") from None
    with_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if with_mark else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SettingsError(f"The user dictionary {path} is no text in UTF-8, GB18030 or UTF-16. Save it as UTF-8.")
