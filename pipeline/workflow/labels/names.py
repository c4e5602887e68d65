"""Labels as people write them: ids or titles in either language, several in a cell, misspelt ones with the nearest."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.taxonomy import Taxonomy, load_taxonomy

_BETWEEN = re.compile(r"[|｜；;，,、\n]+")


@dataclass(frozen=True, slots=True)
class LabelNames:
    """Known ``labels`` and the ``causes`` below them, with the titles that people read."""

    labels: tuple[str, ...]
    causes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taxonomy: Taxonomy = field(default_factory=load_taxonomy)

    def title(self, name: str, lang: str) -> str:
        """A label or cause for people."""
        return self.taxonomy.title(name, lang)

    def shown_labels(self, lang: str) -> tuple[str, ...]:
        """All labels for people, in the order of the ids."""
        return tuple(self.title(label, lang) for label in self.labels)

    def shown_causes(self, lang: str) -> tuple[str, ...]:
        """All causes for people, by category."""
        return tuple(
            dict.fromkeys(self.title(cause, lang) for label in self.labels for cause in self.causes.get(label, ()))
        )

    def label(self, written: str) -> str | None:
        """The id of a label as somebody wrote it; None for an unknown one."""
        return _found(written, self._spellings(self.labels))

    def cause(self, written: str) -> str | None:
        """The id of a cause as somebody wrote it; None for an unknown one."""
        return _found(written, self._spellings(one for causes in self.causes.values() for one in causes))

    def category_of(self, cause: str) -> str:
        """The label a cause belongs to; empty for an unknown cause."""
        return next((label for label, causes in self.causes.items() if cause in causes), "")

    def nearest_label(self, written: str) -> str:
        """The label that is written most like this, as it is written; empty where none is known."""
        return _nearest(written, self._spellings(self.labels))

    def nearest_cause(self, written: str) -> str:
        """The cause that is written most like this, as it is written; empty where none is known."""
        return _nearest(written, self._spellings(one for causes in self.causes.values() for one in causes))

    def with_labels(self, more: Iterable[str]) -> "LabelNames":
        """Return the same with further labels."""
        return LabelNames(tuple(dict.fromkeys((*self.labels, *more))), self.causes, self.taxonomy)

    def with_offered(self, titles: Iterable[str]) -> "LabelNames":
        """Return the same with labels that a workbook offers by their titles."""
        ids = {title: one.id for one in self.taxonomy.categories for title in (one.zh, one.en)}
        return self.with_labels(ids.get(title, title) for title in titles if self.label(title) is None)

    def _spellings(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Every way to write a name, with the name."""
        return [
            (spelt, name)
            for name in names
            for spelt in dict.fromkeys((self.title(name, "zh"), self.title(name, "en"), name))
        ]


def label_parts(cell: str, names: LabelNames) -> list[str]:
    """Cut a cell into labels as written: at bars, commas and semicolons, unless the whole cell is a label.

    >>> label_parts("billing| attitude", LabelNames(("billing", "attitude")))
    ['billing', 'attitude']
    """
    if names.label(cell):
        return [cell]
    return [part.strip() for part in _BETWEEN.split(cell) if part.strip()]


def _found(written: str, spellings: Iterable[tuple[str, str]]) -> str | None:
    wanted = _plain(written)
    return next((name for spelt, name in spellings if _plain(spelt) == wanted), None)


def _nearest(written: str, spellings: Iterable[tuple[str, str]]) -> str:
    wanted = _plain(written)
    scored = [(SequenceMatcher(None, wanted, _plain(spelt)).ratio(), spelt) for spelt, _ in spellings]
    return max(scored, key=lambda one: one[0])[1] if scored else ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
