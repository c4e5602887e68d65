"""Pure text normalising: what an analyst would not miss is taken away, what says something stays.

A round of named steps is repeated until nothing changes any more, because steps feed each other (an entity may decode
to a tag, a removed tag may join two halves of a word). Ordinary texts settle in one or two rounds; a text made to
outlast ``_ROUNDS`` is drawn apart into single characters, on which no step but the character tables can act.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property, partial
from hashlib import blake2b
from types import ModuleType
from typing import Any

from pipeline.native import compiled
from pipeline.resources import data_file
from pipeline.text.cleaning_cues import narrow_table, step_cues
from pipeline.text.cleaning_steps import (
    EDGES,
    char_class,
    decode_entities,
    drop_debris,
    drop_invisible,
    drop_tags,
    drop_urls,
    narrow_marks,
    normalise_width,
    phrase_pattern,
    read_list,
    read_lookalikes,
    shorten_letters,
    shorten_marks,
    tell_turns,
    tidy_marks,
    trim,
    trim_edges,
)
from pipeline.text.scanning import EVERYTHING, Cues, Scanner

# raise it when a step changes, so that a model knows it was trained on otherwise cleaned texts
_VERSION = 1
_ROUNDS = 8
# one bit for every step, set for a text that may need it
_WIDTH, _UNSEEN, _ENTITY, _TAG, _URL, _LOOKALIKE, _TRADITIONAL = (1 << place for place in range(7))
_DEBRIS, _TURN, _PHRASE, _MARKS, _LETTERS, _SPACE, _EDGE = (1 << place for place in range(7, 14))


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
        """Clean every text, in order; a scan of them all tells which steps each of them needs."""
        cleaned, flags = self._made_even(list(texts))
        pending = list(range(len(cleaned)))
        for _ in range(_ROUNDS):
            changed = []
            for place, flag in zip(pending, flags, strict=True):
                if flag:
                    text = self._round(cleaned[place], flag)
                    if text != cleaned[place]:
                        cleaned[place] = text
                        changed.append(place)
            if not changed:
                return cleaned
            pending = changed
            flags = self._scanner.flags([cleaned[place] for place in pending])
        for place in pending:
            cleaned[place] = self._draw_apart(cleaned[place])
        return cleaned

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the options and tables: two cleaners with the same fingerprint give the same texts."""
        parts = (_VERSION, astuple(self.options), self._phrases, sorted(self._lookalikes.items()))
        return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def _made_even(self, texts: list[str]) -> tuple[list[str], list[int]]:
        """Return the texts after NFKC and ``trim``, and the steps each of them may need."""
        native = compiled("scanning")
        if native is not None:
            return self._made_even_compiled(texts, native)
        texts = narrow_marks(texts)
        flags = self._scanner.flags(texts)
        for place, flag in enumerate(flags):
            if flag & _WIDTH:
                texts[place] = trim(normalise_width(texts[place]))
                flags[place] = EVERYTHING
            elif flag & _SPACE:
                texts[place] = trim(texts[place])
            elif flag & _EDGE:
                texts[place] = trim_edges(texts[place])
            # trimming leads to no new neighbours but blanks, which stood there before
            flags[place] &= ~(_SPACE | _EDGE)
        return texts, flags

    def _made_even_compiled(self, texts: list[str], native: ModuleType) -> tuple[list[str], list[int]]:
        evened: list[str]
        flags: list[int]
        evened, flags = native.even(texts, narrow_table(), self._scanner.tables, _EDGE, _MARKS)
        for place, flag in enumerate(flags):
            if flag & _WIDTH:
                evened[place] = trim(normalise_width(texts[place]))
                flags[place] = EVERYTHING
        return evened, flags

    def _round(self, text: str, flags: int = EVERYTHING) -> str:
        for needed_by, step, wakes in self._steps:
            if flags & needed_by:
                changed = step(text)
                if changed != text:
                    text, flags = changed, flags | wakes
        return text

    @cached_property
    def _steps(self) -> tuple[tuple[int, Callable[[str], str], int], ...]:
        """The flag that asks for a step, the step, and the flags of those that its change may make work for."""
        options = self.options
        return (
            (_WIDTH, normalise_width, EVERYTHING),
            (_UNSEEN, drop_invisible, EVERYTHING),
            (_ENTITY, decode_entities, EVERYTHING),
            (_TAG, drop_tags, EVERYTHING),
            (_URL, drop_urls, EVERYTHING),
            (_LOOKALIKE if options.lookalikes else 0, self._as_meant, EVERYTHING),
            (_TRADITIONAL if options.traditional else 0, self._simplified, EVERYTHING),
            (_DEBRIS, drop_debris, EVERYTHING),
            (_TURN, partial(tell_turns, customer_side_only=options.customer_side_only), EVERYTHING),
            # a blank or nothing takes the place of phrases and marks: only marks and blanks meet that were apart
            (_PHRASE if options.boilerplate else 0, self._boilerplate_dropped, _MARKS | _SPACE | _EDGE),
            (_MARKS, shorten_marks, _EDGE | _SPACE),
            (_LETTERS, shorten_letters, 0),
            (_SPACE | _EDGE, trim, 0),
        )

    @cached_property
    def _scanner(self) -> Scanner:
        """Sets the flag of a step where the step could change a text."""
        cues = step_cues()
        return Scanner(
            Cues(
                characters={
                    _WIDTH: cues.wide + cues.strange_spaces,
                    _UNSEEN: cues.unseen,
                    _TAG: "<",
                    _TURN: cues.strange_digits,
                    _LOOKALIKE: self._lookalikes,
                    _TRADITIONAL: self._traditional_characters,
                    _PHRASE: [phrase for phrase in self._phrases if len(phrase) == 1],
                },
                words={
                    _UNSEEN: ["_x00"],
                    _SPACE: ["  "],
                    _ENTITY: cues.entities,
                    _URL: ["://", "www.", "WWW.", "Www."],
                    _DEBRIS: cues.readings,
                    _TURN: cues.speakers,
                    _PHRASE: [phrase for phrase in self._phrases if len(phrase) > 1],
                },
                edges={_EDGE: EDGES},
                twice={_MARKS: cues.marks},
                four_times={_LETTERS: cues.letters},
            )
        )

    def _simplify(self, text: str) -> str:
        if self.options.lookalikes:
            text = self._as_meant(text)
        return self._simplified(text) if self.options.traditional else text

    def _as_meant(self, text: str) -> str:
        return text.translate(self._table) if self._scrambled.search(text) else text

    def _simplified(self, text: str) -> str:
        return self._convert(text) if self._traditional.search(text) else text

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
    def _traditional_characters(self) -> tuple[str, ...]:
        han = [chr(code) for first, last in ((0x2E80, 0xA000), (0xF900, 0xFB00)) for code in range(first, last)]
        simple = self._convert("\n".join(han)).split("\n")
        return tuple(before for before, after in zip(han, simple, strict=True) if before != after)

    @cached_property
    def _traditional(self) -> re.Pattern[str]:
        """Matches where conversion could change a text; asking OpenCC itself costs ten times the search."""
        return re.compile(char_class(self._traditional_characters) + "|[\U00020000-\U0003ffff]")

    def __getstate__(self) -> dict[str, Any]:
        made_on_use = {"_convert", "_traditional", "_traditional_characters", "_steps", "_scanner"}
        return {name: value for name, value in vars(self).items() if name not in made_on_use}
