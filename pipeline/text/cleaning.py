"""Pure text normalising: what an analyst would not miss is taken away, what says something stays.

A round of named steps is repeated until nothing changes any more, because steps feed each other (an entity may decode
to a tag, a removed tag may join two halves of a word). Ordinary texts settle in one or two rounds; a text made to
outlast ``_ROUNDS`` is drawn apart into single characters, on which no step but the character tables can act.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

from pipeline.resources import data_file
from pipeline.text.cleaning_steps import (
    char_class,
    decode_entities,
    drop_debris,
    drop_invisible,
    drop_tags,
    drop_urls,
    normalise_width,
    phrase_pattern,
    read_list,
    read_lookalikes,
    shorten_repeats,
    tell_turns,
    tidy_marks,
    trim,
)

# raise it when a step changes, so that a model knows it was trained on otherwise cleaned texts
_VERSION = 1
_ROUNDS = 8


@dataclass(frozen=True)
class CleaningOptions:
    """Which of the arguable steps are taken; the plain ones (NFKC, tags, links, repeats …) always are."""

    customer_side_only: bool = False
    boilerplate: bool = True
    traditional: bool = True
    lookalikes: bool = True


class Cleaner:
    """Cleans texts: total (any ``str`` goes in) and idempotent.

    ``boilerplate`` are work-order phrases to drop, ``lookalikes`` maps scrambled characters to the meant ones; ``None``
    takes the shipped lists. Picklable; every instance has its own OpenCC converter, made on first use.

    >>> Cleaner().clean("客户来电反映：寬帶用不了！！！！&nbsp;<br>請協助處理")
    '宽带用不了!'
    """

    def __init__(
        self,
        options: CleaningOptions = CleaningOptions(),
        boilerplate: Sequence[str] | None = None,
        lookalikes: Mapping[str, str] | None = None,
    ) -> None:
        self.options = options
        phrases = read_list(data_file("boilerplate.txt")) if boilerplate is None else boilerplate
        self._phrases = tuple(sorted({unicodedata.normalize("NFKC", p).strip() for p in phrases} - {""}))
        self._lookalikes = dict(read_lookalikes(data_file("lookalikes.txt")) if lookalikes is None else lookalikes)
        self._boilerplate = phrase_pattern(self._phrases)
        self._scrambled = re.compile(char_class(self._lookalikes))
        self._table = str.maketrans(self._lookalikes)

    def clean(self, text: str) -> str:
        """Return the text as the model reads it."""
        text = trim(normalise_width(text))
        for _ in range(_ROUNDS):
            cleaned = self._round(text)
            if cleaned == text:
                return text
            text = cleaned
        return self._draw_apart(text)

    def clean_many(self, texts: Iterable[str]) -> list[str]:
        """Clean every text, in order."""
        return [self.clean(text) for text in texts]

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the options and tables: two cleaners with the same fingerprint give the same texts."""
        parts = (_VERSION, astuple(self.options), self._phrases, sorted(self._lookalikes.items()))
        return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def _round(self, text: str) -> str:
        text = drop_invisible(normalise_width(text))
        if "&" in text:
            text = decode_entities(text)
        if "<" in text:
            text = drop_tags(text)
        text = drop_urls(text)
        text = self._simplify(text)
        if "(" in text:
            text = drop_debris(text)
        if ":" in text or "[" in text:
            text = tell_turns(text, customer_side_only=self.options.customer_side_only)
        if self.options.boilerplate:
            text = self._boilerplate_dropped(text)
        return trim(shorten_repeats(text))

    def _simplify(self, text: str) -> str:
        if self.options.lookalikes and self._scrambled.search(text):
            text = text.translate(self._table)
        if self.options.traditional and self._traditional.search(text):
            text = self._convert(text)
        return text

    def _boilerplate_dropped(self, text: str) -> str:
        if not self._boilerplate.search(text):
            return text
        shortened = tidy_marks(self._boilerplate.sub(" ", text))
        return shortened if any(map(str.isalnum, shortened)) else text

    def _draw_apart(self, text: str) -> str:
        """Keep letters and digits, one blank between any two: no pattern of two characters can be left."""
        for _ in range(_ROUNDS):
            text = self._simplify(" ".join(filter(str.isalnum, drop_invisible(unicodedata.normalize("NFKC", text)))))
        return text

    @cached_property
    def _convert(self) -> Callable[[str], str]:
        from opencc import OpenCC

        return OpenCC("t2s").convert

    @cached_property
    def _traditional(self) -> re.Pattern[str]:
        """Matches where conversion could change a text; asking OpenCC itself costs ten times the search."""
        han = [chr(code) for first, last in ((0x2E80, 0xA000), (0xF900, 0xFB00)) for code in range(first, last)]
        simple = self._convert("\n".join(han)).split("\n")
        changed = [before for before, after in zip(han, simple, strict=True) if before != after]
        return re.compile(char_class(changed) + "|[\U00020000-\U0003ffff]")

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in {"_convert", "_traditional"}}
