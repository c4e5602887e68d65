"""Names of operators and products in text, with care for the ordinary words that some of them are."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError
from pipeline.resources import data_file

_OPERATOR_KEYS = {"id", "names", "bare", "needs_context", "before", "after", "not_before", "not_after"}
_PRODUCT_KEYS = {"id", "words"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An operator or a product: ``triggers`` are words of which a text must hold one, ``pattern`` finds the mention."""

    id: str
    kind: str
    triggers: tuple[str, ...]
    pattern: re.Pattern[str]

    @property
    def shortest_triggers(self) -> tuple[str, ...]:
        """The triggers that hold no other trigger of the entry: a text with any trigger has one of these."""
        return tuple(one for one in self.triggers if not any(other != one and other in one for other in self.triggers))

    def speaks_in(self, word: str) -> bool:
        """Tell whether a trigger stands in a word."""
        return any(trigger in word for trigger in self.triggers)

    def find(self, text: str) -> re.Match[str] | None:
        """Return the first mention in a text.

        >>> telecom = next(one for one in load_gazetteer() if one.id == "电信")
        >>> [bool(telecom.find(text)) for text in ("小区被电信垄断", "防范电信诈骗", "电信网络诈骗", "转到电信去")]
        [True, False, False, True]
        """
        return self.pattern.search(text)


@cache
def load_gazetteer(path: Path | None = None) -> tuple[Entry, ...]:
    """Read the gazetteer (None = the shipped one); ``SettingsError`` says what is wrong with it."""
    source = path or data_file("gazetteer.toml")
    try:
        found = tomllib.loads(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"The gazetteer {source} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The gazetteer {source} is not valid TOML: {error}.") from None
    operators, products = found.get("operator", []), found.get("product", [])
    bad = [one for one in operators if not _fits(one, _OPERATOR_KEYS, "names")]
    bad += [one for one in products if not _fits(one, _PRODUCT_KEYS, "words")]
    if found.get("format") != 1 or bad or not operators + products:
        name = bad[0].get("id", "?") if bad else "format"
        raise SettingsError(f"{source} is no gazetteer of format 1; the entry {name} cannot be used.")
    bare = [one["bare"] for one in operators if "bare" in one]
    return (*(_operator(one, bare) for one in operators), *(_product(one) for one in products))


def _fits(entry: Mapping[str, Any], keys: set[str], needed: str) -> bool:
    return isinstance(entry, dict) and set(entry) <= keys and bool(entry.get("id")) and bool(entry.get(needed))


def _operator(entry: Mapping[str, Any], bare: Sequence[str]) -> Entry:
    parts = [_number(name) for name in sorted(entry["names"], key=len, reverse=True)]
    word = entry.get("bare", "")
    if word:
        others = [re.escape(one) for one in bare if one != word]
        beside = [re.escape(other) + between for other in bare if other != word for between in ("", *"、，,/和或及与")]
        own = re.escape(word)
        # the word first and its neighbours afterwards: a search can leap from word to word
        pattern = own + _either("(?!", entry.get("not_after", ())) + _before("(?<!", entry.get("not_before", ()), own)
        if entry.get("needs_context"):
            after = [re.escape(one) for one in entry.get("after", ())]
            after += [f"[、，,/和或及与]?{other}" for other in others]
            before = [f"(?<={re.escape(one)}{own})" for one in entry.get("before", ())]
            before += [f"(?<={one}{own})" for one in beside]
            pattern += f"(?:(?={'|'.join(after)})|{'|'.join(before)})"
        parts.append(pattern)
    # a sure name counts whatever stands around it, so that only the bare word looks at its neighbours
    return Entry(entry["id"], "operator", (*entry["names"], *([word] if word else [])), re.compile("|".join(parts)))


def _product(entry: Mapping[str, Any]) -> Entry:
    words = tuple(entry["words"])
    return Entry(entry["id"], "product", words, re.compile("|".join(map(re.escape, words))))


def _number(name: str) -> str:
    """A name as a pattern; a number only where it is no part of a longer one and counts nothing (10086个赞)."""
    plain = re.escape(name)
    start = rf"(?<![0-9+.]{plain})" if name[:1].isdigit() else ""
    end = r"(?![0-9个元块分次年条赞])" if name[-1:].isdigit() else ""
    return f"{plain}{start}{end}"


def _either(start: str, words: Sequence[str]) -> str:
    return f"{start}{'|'.join(map(re.escape, words))})" if words else ""


def _before(start: str, words: Sequence[str], own: str) -> str:
    """Look back over the word itself and what stands before it; one look per word, as their lengths differ."""
    return "".join(f"{start}{re.escape(word)}{own})" for word in words)
