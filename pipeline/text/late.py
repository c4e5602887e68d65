"""Patterns that are compiled when they are first used: a few complaints need few of the hundred there are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Late:
    """Stands for the compiled pattern of ``source``; picklable.

    >>> Late("[0-9]+").search("拨打10086").group()
    '10086'
    """

    source: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself."""
        return re.compile(self.source)

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first match."""
        return self.compiled.search(text)

    def match(self, text: str, start: int) -> re.Match[str] | None:
        """Match at one place."""
        return self.compiled.match(text, start)

    def sub(self, replacement: str, text: str) -> str:
        """Put something in place of every match."""
        return self.compiled.sub(replacement, text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Find all matches that do not overlap."""
        return self.compiled.finditer(text)
