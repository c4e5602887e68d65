"""The words of the pack in both languages: two tables with the same keys, one of them looked up at a time."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.messages import translated
from pipeline.resources import data_file
from pipeline.taxonomy import Taxonomy, load_taxonomy

LANGUAGES = ("zh", "en")
_HOLE = re.compile(r"\{([a-z_]+)\}")


class Words:
    """The words of one language: ``words("column.rows")``; a key nobody wrote is a ``KeyError``."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._table = _flat(lang)

    def __call__(self, key: str) -> str:
        """Return the words to a key."""
        return self._table[key]

    def has(self, key: str) -> bool:
        """Tell whether there are words to a key."""
        return key in self._table

    def keys(self) -> frozenset[str]:
        """Return all keys."""
        return frozenset(self._table)

    def code(self, code: str) -> str:
        """Return the words to one of our codes; one without words is shown as it is, underscores as spaces."""
        return self._table.get(f"code.{code}", code.replace("_", " "))

    def shared(self, group: str, code: str) -> str:
        """Return the name of a figure or column as the insights call it; the code itself where they have none."""
        plain = code.replace("_", " ")
        chinese, english = _insight_words().get(group, {}).get(code, (translated(plain, "zh"), plain))
        return chinese if self.lang == "zh" else english

    def label(self, label: str) -> str:
        """Return the name of a category or cause; the label itself where the taxonomy does not have it."""
        return _taxonomy().title(label, self.lang) if label else self("page.unknown")

    def filled(self, key: str, values: Mapping[str, str]) -> str:
        """Return the words to a key with values in its places; a value never becomes a place of its own."""
        return _HOLE.sub(lambda hole: values[hole.group(1)], self(key))


def holes(words: str) -> frozenset[str]:
    """Return the names of the places in a sentence.

    >>> sorted(holes("{count} 件，占 {share}"))
    ['count', 'share']
    """
    return frozenset(_HOLE.findall(words))


@cache
def _insight_words() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    return tomllib.loads(data_file("insight_words.toml").read_text(encoding="utf-8"))


@cache
def _taxonomy() -> Taxonomy:
    return load_taxonomy()


@cache
def _flat(lang: str) -> Mapping[str, str]:
    source = files("pipeline.review").joinpath(f"words_{lang}.toml")
    return dict(_leaves(tomllib.loads(source.read_text(encoding="utf-8")), ""))


def _leaves(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
