"""Messages for people in Chinese: the code speaks English, and this looks the Chinese up.

``data/messages_zh.toml`` pairs each English message with its Chinese; ``{}`` stands for whatever a message carries. A
message without a pair stays English rather than failing; a test holds the table against the messages in the code.
"""

import re
import tomllib
from functools import cache

from pipeline.resources import data_file

_HOLE = re.compile(r"\{(\d*)\}")


def translated(message: str, lang: str) -> str:
    """Return ``message`` in ``lang``; parts that a message carries (names, reasons) are looked up as well."""
    # no message of ours is a single word, so that names of columns and files stay what they are
    if lang != "zh" or " " not in message:
        return message
    for landmark, pattern, chinese in _pairs():
        found = pattern.fullmatch(message) if landmark in message else None
        if found:
            return _filled(chinese, found.groups())
    return message


def _filled(chinese: str, parts: tuple[str, ...]) -> str:
    numbered = iter(range(len(parts)))

    def part(hole: re.Match[str]) -> str:
        place = int(hole.group(1)) if hole.group(1) else next(numbered)
        return translated(parts[place], "zh")

    return _HOLE.sub(part, chinese)


@cache
def _pairs() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Per message its longest fixed part (a quick first look), its pattern, and its Chinese."""
    found = tomllib.loads(data_file("messages_zh.toml").read_text(encoding="utf-8"))
    # longer messages first: a short one may be the beginning of another with more holes
    entries = sorted(found["message"], key=lambda entry: -len(entry["en"]))
    return tuple(
        (max(_HOLE.sub("\0", entry["en"]).split("\0"), key=len), template_pattern(entry["en"]), entry["zh"])
        for entry in entries
    )


def template_pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of all messages that fill the holes of ``template``.

    >>> template_pattern("{} rows of {}").fullmatch("7 rows of a.csv").groups()
    ('7', 'a.csv')
    """
    fixed = [re.escape(part) for part in re.split(r"\{\d*\}", template)]
    return re.compile("(.*?)".join(fixed), re.DOTALL)
