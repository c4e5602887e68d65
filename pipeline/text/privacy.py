"""Masking of personal data, and the leak scan over everything that is written.

What is found is replaced by a typed placeholder before a text is vectorised, stored or shown. Amounts, dates, hotlines,
package names, districts and estates stay: they say what the trouble is and where.
"""

import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import mkstemp

from pipeline.errors import SettingsError
from pipeline.records import Role
from pipeline.resources import data_file
from pipeline.text.cleaning_steps import read_list
from pipeline.text.privacy_names import NameShapes, name_shapes
from pipeline.text.privacy_patterns import (
    ADDRESSES,
    CUE,
    NUMBERS,
    SPOKEN,
    Gate,
    Kind,
    Shape,
    spoken_kind,
)

PLACEHOLDER = re.compile(r"\[(?:" + "|".join(kind.value for kind in Kind) + r")\]")
PERSONAL_ROLES = frozenset({Role.CUSTOMER_NAME, Role.STAFF, Role.CUSTOMER_NUMBER, Role.CONTACT_NUMBER, Role.ACCOUNT})
_KEY_BYTES = 32
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ＠－＿．＋＃]")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# the gates: one cheap search tells whether a family of dear ones can find anything
_DIGIT = re.compile(r"[0-9@]")
_SHORT_RUN = re.compile(r"[0-9A-Za-z_](?:[ \-.·•()（）–—@]{0,3}[0-9A-Za-z_]){3}")
_LONG_RUN = re.compile(r"[0-9](?:[ \-.()（）–—]{0,3}[0-9A-Za-z]){6}")
_HOUSE_CUE = re.compile(r"[0-9A-Za-z一二三四五六七八九十](?:\s?[号栋幢座单室房户门组队社弄#]|[-—][0-9])")
_NAME_WORD = re.compile(
    "先生|女士|小姐|经理|师傅|工程师|主任|阿姨|大爷|大妈|我叫|名叫|我是|本人|姓|户名|名字|客户名|机主|户主|营业员|人员"
)
_NAME_END = re.compile(r"[系络办件货装请户诉记托事任责](?=人)|[总工](?=[,，。;；\s说来上]|$)")
_SPOKEN_CUE = re.compile("[零〇一二三四五六七八九幺两0-9](?:[ ,，、-]?[零〇一二三四五六七八九幺两0-9]){6}")


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
        self._names = name_shapes(read_list(data_file("surnames.txt")), self._extra_names)
        self._not_names = frozenset(read_list(data_file("not_names.txt")))

    def find(self, text: str) -> list[Finding]:
        """Return what is personal in the text, in order and without overlaps; placeholders are never part of it."""
        narrow = text.translate(_NARROW) if _WIDE.search(text) else text
        candidates = list(self._candidates(narrow))
        if not candidates:
            return []
        taken = [Finding(Kind.NUMBER, *found.span()) for found in PLACEHOLDER.finditer(text)]
        return _without_overlaps(candidates, taken)

    def mask(self, text: str) -> str:
        """Return the text with a placeholder in place of each finding; masking again changes nothing."""
        # a placeholder may complete the surroundings of another finding; every round leaves fewer foreign characters
        while findings := self.find(text):
            text = _replaced(text, findings)
        return text

    def mask_many(self, texts: Iterable[str]) -> list[str]:
        """Mask every text, in order."""
        return [self.mask(text) for text in texts]

    def _candidates(self, text: str) -> Iterator[Finding]:
        """Yield everything that looks personal, the surest kinds first; the cheap searches spare the dear ones."""
        if (_DIGIT.search(text) and _SHORT_RUN.search(text)) or "微信" in text:
            worth = {Gate.CUE: bool(CUE.search(text)), Gate.LONG: bool(_LONG_RUN.search(text) or "@" in text)}
            yield from _found((shape for shape in NUMBERS if worth.get(shape.gate, True)), text)
        if _SPOKEN_CUE.search(text):
            yield from _spoken(text)
        if _HOUSE_CUE.search(text) or "房号" in text or "门牌" in text:
            yield from _found(ADDRESSES, text)
        if self._extra_names or _NAME_WORD.search(text) or _NAME_END.search(text):
            yield from _named(self._names, self._not_names, text)


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


def _found(shapes: Iterable[Shape], text: str) -> Iterator[Finding]:
    for shape in shapes:
        group = "value" if "value" in shape.pattern.groupindex else 0
        for found in shape.pattern.finditer(text):
            start = found.start(group)
            end = start + len(found.group(group).rstrip(" ,，"))
            if shape.refuse is None or not shape.refuse(text, start, end):
                yield Finding(shape.kind, start, end)


def _spoken(text: str) -> Iterator[Finding]:
    for found in SPOKEN.finditer(text):
        kind = spoken_kind(found.group())
        if kind is not None:
            yield Finding(kind, found.start(), found.end())


def _named(shapes: NameShapes, not_names: frozenset[str], text: str) -> Iterator[Finding]:
    for pattern in (shapes.cued, shapes.titled, shapes.said):
        for found in pattern.finditer(text):
            start, end = found.span(found.lastgroup or 0)
            if found.lastgroup == "known" or _is_name(text, start, end, not_names):
                yield Finding(Kind.NAME, start, end)


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
        parts += [text[done : finding.start], f"[{finding.kind.value}]"]
        done = finding.end
    return "".join([*parts, text[done:]])
