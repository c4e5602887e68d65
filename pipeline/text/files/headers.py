"""What a column header means: the table of synonyms in ``data/headers.toml`` and the choice between claimants."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.records import Role
from pipeline.resources import data_file

_BRACKETS = re.compile(r"[(\[{【〔〈<《][^()\[\]{}【】〔〕〈〉<>《》]*[)\]}】〕〉>》]")
_NOISE = re.compile(r"[\s_\-*/、:;,.'\"()\[\]{}【】〔〕〈〉<>《》#?!·|\u200b\ufeff]+")
_LEVEL = re.compile(r"[1-9一二三四五六七八九]")
_COPY = re.compile(r"\.\d+$")
# Several headers of these roles are kept, best first: closing notes are joined, personal columns are masked whole.
SEVERAL = frozenset(
    {
        Role.CLOSING_NOTE,
        Role.STAFF,
        Role.CUSTOMER_NAME,
        Role.CUSTOMER_NUMBER,
        Role.CONTACT_NUMBER,
        Role.ACCOUNT,
        Role.PLACE,
    }
)
# Columns written in levels (投诉现象一级, 投诉现象二级 …) are kept together.
LEVELLED = frozenset({Role.LABEL_PATH, Role.CAUSE})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one header says: its role (or the name of an unused kind) and its rank among the role's synonyms."""

    role: Role | None
    kind: str
    rank: int
    template: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The headers chosen per role, and those that could have been (best first) but were not."""

    roles: Mapping[Role, tuple[str, ...]]
    alternates: Mapping[Role, tuple[str, ...]]


def normalise_header(header: str) -> str:
    """Return a header as it is compared: NFKC, lower case, without spaces, stars, brackets and punctuation.

    >>> normalise_header(" *投诉内容（必填）"), normalise_header("Complaint_ID")
    ('投诉内容必填', 'complaintid')
    """
    return _NOISE.sub("", unicodedata.normalize("NFKC", header).casefold())


def meaning_of(header: str) -> Meaning | None:
    """Return what a header means, or ``None`` if no synonym fits.

    A remark in brackets, a copy's ``.1``, Traditional characters and the upper level of a two-row header
    (``客户信息-号码``) do not matter.

    >>> meaning_of("投訴內容(必填)").role
    <Role.TEXT: 'text'>
    """
    for variant in _variants(header):
        found = _lookup(normalise_header(variant))
        if found is not None:
            return found
    return None


def is_known(header: str) -> bool:
    """Tell whether a cell is a header of the table, used or not."""
    return len(header) <= 40 and meaning_of(header) is not None


def assign_roles(headers: Sequence[str]) -> Assignment:
    """Choose for every role the best header there is; ties go to the header further left."""
    claims: dict[Role, list[tuple[int, int, str]]] = {}
    templates: dict[str, str] = {}
    for place, header in enumerate(headers):
        meaning = meaning_of(header)
        if meaning is not None and meaning.role is not None:
            claims.setdefault(meaning.role, []).append((meaning.rank, place, header))
            templates[header] = meaning.template
    roles: dict[Role, tuple[str, ...]] = {}
    alternates: dict[Role, tuple[str, ...]] = {}
    for role, claimants in claims.items():
        ranked = [header for _, _, header in sorted(claimants)]
        chosen = _chosen(role, ranked, templates)
        roles[role] = chosen
        rest = tuple(header for header in ranked if header not in chosen)
        if rest:
            alternates[role] = rest
    return Assignment(roles, alternates)


def one_means_yes(header: str) -> str | None:
    """Return the code that means yes in a 0/1 column, or ``None`` where the table does not say."""
    return _table().one_zero.get(normalise_header(header))


def _chosen(role: Role, ranked: list[str], templates: Mapping[str, str]) -> tuple[str, ...]:
    if role in SEVERAL:
        return tuple(ranked)
    best = templates[ranked[0]]
    if role in LEVELLED and "#" in best:
        return tuple(header for header in ranked if templates[header] == best)
    return (ranked[0],)


def _variants(header: str) -> list[str]:
    text = unicodedata.normalize("NFKC", header)
    plain = _BRACKETS.sub("", text)
    variants = [text, _COPY.sub("", text), plain, _COPY.sub("", plain)]
    if "-" in text:
        # the lower level says what the column holds; the upper level names the block, or the column if merged downwards
        variants += [plain.rpartition("-")[2], plain.partition("-")[0]]
    if not text.isascii():
        variants += [_simplified(variant) for variant in variants]
    return list(dict.fromkeys(variants))


def _lookup(key: str) -> Meaning | None:
    table = _table().meanings
    if not key:
        return None
    return table.get(key) or table.get(_LEVEL.sub("\0", key, count=1))


@dataclass(frozen=True, slots=True)
class _Headers:
    meanings: Mapping[str, Meaning]
    one_zero: Mapping[str, str]


@cache
def _table() -> _Headers:
    content = tomllib.loads(data_file("headers.toml").read_text(encoding="utf-8"))
    meanings: dict[str, Meaning] = {}
    for role, synonyms in content["roles"].items():
        for rank, synonym in enumerate(synonyms):
            meanings.setdefault(_key(synonym), Meaning(Role(role), role, rank, synonym))
    for kind, synonyms in content["unused"].items():
        for rank, synonym in enumerate(synonyms):
            meanings.setdefault(_key(synonym), Meaning(None, kind, rank, synonym))
    return _Headers(meanings, {normalise_header(name): str(code) for name, code in content["one_zero"].items()})


def _key(synonym: str) -> str:
    # NUL stands for a level: no header that was typed holds one
    return "\0".join(normalise_header(part) for part in synonym.split("#"))


def _simplified(text: str) -> str:
    return _converter().convert(text)


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
