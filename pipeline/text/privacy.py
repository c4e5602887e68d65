"""Masking of personal data, and the leak scan over everything that is written.

What is found is replaced by a typed placeholder before a text is vectorised, stored or shown. Amounts, dates, hotlines,
package names, districts and estates stay: they say what the trouble is and where.
"""

import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from hashlib import blake2b
from operator import or_
from pathlib import Path
from tempfile import mkstemp

import numpy as np

from pipeline.errors import SettingsError
from pipeline.records import Role
from pipeline.text.masking.addresses import ADDRESSES
from pipeline.text.masking.births import BIRTHS
from pipeline.text.masking.cues import NUMBER_GATES, text_flags
from pipeline.text.masking.dictated import SHORT_NUMBERS, dictated
from pipeline.text.masking.name_finders import name_finders
from pipeline.text.masking.patterns import NUMBER_BEGINS, NUMBERS
from pipeline.text.masking.shapes import PLACEHOLDER, Gate, Kind, Shape
from pipeline.text.masking.spoken import SPOKEN, spoken_kind
from pipeline.text.masking.surnames import SURNAMES
from pipeline.text.masking.weights import is_nothing_but_a_name, is_place_or_crossed, names_a_thing
from pipeline.text.scanning import EVERYTHING, Batch, batches

PERSONAL_ROLES = frozenset({Role.CUSTOMER_NAME, Role.STAFF, Role.CUSTOMER_NUMBER, Role.CONTACT_NUMBER, Role.ACCOUNT})
_KEY_BYTES, _MOST_NAMES = 32, 100
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LAST_SHAPES = (*SHORT_NUMBERS, *ADDRESSES, *SURNAMES)
_LAST_GATES = reduce(or_, (int(shape.gate) for shape in _LAST_SHAPES))
_NAMES = Gate.CUED_NAME | Gate.CALLED_NAME | Gate.SPEAKER | Gate.TITLED_NAME | Gate.SAID_NAME


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in a text: what it is, and its place (``text[start:end]``)."""

    kind: Kind
    start: int
    end: int


class Masker:
    """Finds and replaces personal data. Picklable. ``extra_names`` are names to mask wherever they stand.

    >>> Masker().mask("我是张伟，电话138-0013-8000，文三路168号3栋2单元501室，129元套餐拨10086退不了")
    '我是[姓名]，电话[手机号]，文三路[地址]，129元套餐拨10086退不了'
    """

    def __init__(self, extra_names: Iterable[str] = ()) -> None:
        self._extra_names = tuple(sorted({name.strip() for name in extra_names} - {""}))
        self._names, self._not_names, self._scorer = name_finders(self._extra_names)

    def find(self, text: str, *, thorough: bool = False) -> list[Finding]:
        """Return what is personal in the text, in order and without overlaps; placeholders are never part of it.

        ``thorough`` tries every pattern, also those that the scan for their cues says cannot match: it finds the same.
        """
        batch = Batch.of([text])
        flags = EVERYTHING if thorough else int(text_flags(batch)[0])
        return self._find(text, flags, self._scorer.find_in(batch).get(0, []))

    def mask(self, text: str) -> str:
        """Return the text with a placeholder in place of each finding; masking again changes nothing."""
        return self.mask_many([text])[0]

    def mask_many(self, texts: Iterable[str]) -> list[str]:
        """Mask every text, in order."""
        masked = list(texts)
        pending = list(range(len(masked)))
        # a placeholder may complete the surroundings of another finding; every round leaves fewer foreign characters
        while pending:
            changed = []
            for number, findings in self._find_many([masked[place] for place in pending]):
                place = pending[number]
                masked[place] = _replaced(masked[place], findings)
                changed.append(place)
            pending = changed
        return masked

    def _find_many(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Finding]]]:
        """Yield the numbers of the texts that hold personal data, in order, with what it is."""
        first = 0
        for batch in batches(texts):
            names = self._scorer.find_in(batch)
            flags = text_flags(batch)
            told = range(len(flags)) if self._extra_names else sorted({*np.flatnonzero(flags).tolist(), *names})
            for place in told:
                findings = self._find(batch.texts[place], int(flags[place]), names.get(place, ()))
                if findings:
                    yield first + place, findings
            first += len(batch.texts)

    def _find(self, text: str, flags: int, scored: Iterable[tuple[int, int]]) -> list[Finding]:
        if self._extra_names:
            flags |= Gate.CUED_NAME
        narrow = text
        if flags & Gate.WIDE:
            narrow, flags = text.translate(_NARROW), EVERYTHING
        candidates = [*self._candidates(narrow, flags), *_persons(narrow, [*scored])]
        if not candidates:
            return []
        taken = [Finding(Kind.NUMBER, *found.span()) for found in PLACEHOLDER.finditer(text)]
        kept = _without_overlaps(candidates, taken)
        again = self._named_again(narrow, kept)
        return _without_overlaps([*kept, *again], taken) if again else kept

    def _named_again(self, text: str, findings: Iterable[Finding]) -> list[Finding]:
        """Return where names found at one place stand again."""
        names = {text[found.start : found.end] for found in findings if found.kind is Kind.NAME}
        if len(names) > _MOST_NAMES:  # each costs a search of the whole text
            return []
        return [
            Finding(Kind.NAME, *found.span())
            for name in sorted(names)
            if text.count(name) > 1 and is_nothing_but_a_name(name)
            for found in re.finditer(re.escape(name), text)
        ]

    def _candidates(self, text: str, flags: int) -> Iterator[Finding]:
        """Yield everything that looks personal, the surest kinds first."""
        if flags & Gate.BIRTH:
            yield from _found(BIRTHS, flags, text)
        if flags & Gate.NUMBER and not NUMBER_BEGINS.search(text):
            flags &= ~Gate.NUMBER
        if flags & NUMBER_GATES:
            yield from _found(NUMBERS, flags, text)
        if flags & Gate.DICTATED:
            yield from (Finding(*found) for found in dictated(text))
        if flags & Gate.SPOKEN:
            yield from _spoken(text)
        if flags & _LAST_GATES:
            yield from _found(_LAST_SHAPES, flags, text)
        if flags & _NAMES:
            yield from self._named(text, flags)

    def _named(self, text: str, flags: int) -> Iterator[Finding]:
        def accepts(found: re.Match[str]) -> bool:
            if found.lastgroup == "known":
                return True
            start, end = found.span(found.lastgroup or 0)
            return _is_name(text, start, end, self._not_names) and not (
                found.lastgroup == "value" and is_place_or_crossed(text, start, end)
            )

        shapes = self._names
        matches: list[re.Match[str]] = []
        for gate, pattern in (
            (Gate.CUED_NAME, shapes.cued),
            (Gate.CALLED_NAME, shapes.called),
            (Gate.SPEAKER, shapes.speaking),
        ):
            if flags & gate:
                matches += filter(accepts, pattern.finditer(text))
        if flags & Gate.CUED_NAME:
            matches += shapes.named.finditer(text)
        if flags & Gate.TITLED_NAME:
            matches += [*shapes.find_titled(text, accepts), *shapes.polite.finditer(text)]
        if flags & Gate.SAID_NAME:
            matches += filter(accepts, (*shapes.said.finditer(text), *shapes.surnamed.finditer(text)))
            matches += [*shapes.single.finditer(text), *shapes.again.finditer(text)]
        for found in matches:
            yield Finding(Kind.NAME, *found.span(found.lastgroup or 0))


def _persons(text: str, places: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Names found by score, but for those the text gives to a place or a firm as well."""
    names = {text[slice(*place)] for place in places}
    # each costs a search of the whole text
    things = {name for name in names if names_a_thing(text, name)} if len(names) <= _MOST_NAMES else set()
    return (Finding(Kind.NAME, *place) for place in places if text[slice(*place)] not in things)


def pseudonym(value: str, key: bytes) -> str:
    """Return a keyed hash, 16 hex digits: the same customer stays the same, nobody without the key can tell who.

    >>> pseudonym("+86 138-0013-8000", b"k" * 32) == pseudonym("１３８００１３８０００", b"k" * 32)
    True
    """
    plain = re.sub(r"[\s\-–—()._·]+", "", unicodedata.normalize("NFKC", value)).casefold()
    plain = re.sub(r"^(?:\+86|0086|86)(?=1[3-9]\d{9}$)", "", plain)
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8, key=key[:64]).hexdigest()


def load_or_create_key(path: Path) -> bytes:
    """Read the key of ``pseudonym`` from a local file; a missing file is made (32 random bytes, owner only).

    Raises ``SettingsError`` when the file cannot be read or written, or holds less than 32 bytes.
    """
    try:
        if not path.exists():
            _create_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"The key file {path} cannot be read or made ({error.strerror or error}). "
            "Name a file in a folder where you may write."
        ) from error
    if len(key) < _KEY_BYTES:
        raise SettingsError(
            f"The key file {path} holds {len(key)} bytes, at least {_KEY_BYTES} are needed. "
            "Restore it from a copy, or delete it to get a new key (customers then get new pseudonyms)."
        )
    return key


def scan(text: str) -> list[Finding]:
    """Return the personal data left in a text that is about to be written; placeholders are no leak.

    >>> scan("号码[手机号]，联系人[姓名]"), len(scan("号码13800138000"))
    ([], 1)
    """
    return _plain_masker().find(text)


@cache
def _plain_masker() -> Masker:
    return Masker()


def _create_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(os.urandom(_KEY_BYTES))
        try:
            # a link fails where another process was first; a rename would replace the key it already uses
            os.link(beside, path)
        except FileExistsError:
            pass
    finally:
        Path(beside).unlink(missing_ok=True)


def _found(shapes: Iterable[Shape], flags: int, text: str) -> Iterator[Finding]:
    for shape in shapes:
        if flags & shape.gate and shape.may_match(text):
            yield from _matches(shape, text)


def _matches(shape: Shape, text: str) -> Iterator[Finding]:
    for found in shape.pattern.finditer(text):
        group = "value" if found.lastgroup == "value" else 0
        start = found.start(group)
        end = start + len(found.group(group).rstrip(" ,，"))
        if shape.refuse is None or not shape.refuse(text, start, end):
            yield Finding(shape.kind, start, end)


def _spoken(text: str) -> Iterator[Finding]:
    for found in SPOKEN.finditer(text):
        kind = spoken_kind(found.group())
        if kind is not None:
            yield Finding(kind, found.start(), found.end())


def _is_name(text: str, start: int, end: int, not_names: frozenset[str]) -> bool:
    """Tell a name from a word: neither it, its parts nor a word across its edges is listed (对方经理, 康师傅)."""
    name = text[start:end]
    before = (text[max(0, start - 1) : start + 1], text[max(0, start - 2) : start + 1])
    words = (*before, name, name[:2], name[1:], text[start : end + 1], text[start : end + 2])
    return not any(len(word) > 1 and word in not_names for word in words)


def _without_overlaps(candidates: Iterable[Finding], taken: list[Finding]) -> list[Finding]:
    """Keep the first of candidates that overlap each other or what is taken, and order them by place."""
    starts, ends, kept = [one.start for one in taken], [one.end for one in taken], []
    for candidate in candidates:
        place = bisect_right(starts, candidate.start)
        clear_before = place == 0 or ends[place - 1] <= candidate.start
        clear_after = place == len(starts) or candidate.end <= starts[place]
        if clear_before and clear_after and candidate.start < candidate.end:
            starts.insert(place, candidate.start)
            ends.insert(place, candidate.end)
            kept.append(candidate)
    return sorted(kept, key=lambda finding: finding.start)


def _replaced(text: str, findings: Iterable[Finding]) -> str:
    parts, done = [], 0
    for finding in findings:
        placeholder = f"[{finding.kind.value}]"
        # the rest of an address that was found before
        rest = finding.kind is Kind.ADDRESS and text.endswith(placeholder, 0, finding.start)
        parts += [text[done : finding.start], "" if rest else placeholder]
        done = finding.end
    return "".join([*parts, text[done:]])
