"""The taxonomy: categories and the root causes below them, with names, definitions and responsible departments."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError
from pipeline.resources import data_file

REGULATOR_CLASSES = ("用户服务", "收费争议", "网络质量")
ATTRIBUTIONS = ("员工", "公司", "客户")
GAPS = ("期望–认知", "认知–标准", "标准–传递", "传递–沟通")
TAGS = ("不知情定制", "限制变更", "停机销户", "携号转网")

_FACTS = ("regulator_class", "front_department", "back_department", "attribution", "gap")
_ALLOWED = {"regulator_class": REGULATOR_CLASSES, "attribution": ATTRIBUTIONS, "gap": GAPS}
_FLAGS = ("common", "problem")
_CATEGORY_KEYS = {"id", "zh", "en", "definition", "cause", *_FACTS}
_CAUSE_KEYS = {"id", "zh", "en", "definition", "boundary", "tags", *_FLAGS, *_FACTS}


@dataclass(frozen=True, slots=True)
class Cause:
    """A root cause; the department, attribution and gap are its category's where it names none of its own.

    ``problem`` is false for what nobody has to put right (praise, plain inquiries, texts that say nothing): complaints
    of such a cause belong to no problem.
    """

    id: str
    category: str
    zh: str
    en: str
    definition: str
    boundary: str
    common: bool
    regulator_class: str
    front_department: str
    back_department: str
    attribution: str
    gap: str
    tags: tuple[str, ...] = ()
    problem: bool = True


@dataclass(frozen=True, slots=True)
class Category:
    """A category of complaints and the causes below it."""

    id: str
    zh: str
    en: str
    definition: str
    regulator_class: str
    front_department: str
    back_department: str
    attribution: str
    gap: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All categories of one trade."""

    name: str
    zh: str
    en: str
    categories: tuple[Category, ...]

    @cached_property
    def causes(self) -> Mapping[str, Cause]:
        """Every cause by its id."""
        return {cause.id: cause for category in self.categories for cause in category.causes}

    def title(self, label: str, lang: str) -> str:
        """Name of a category or cause for people; the id itself for a label the taxonomy does not have."""
        for category in self.categories:
            if category.id == label:
                return category.en if lang == "en" else category.zh
        cause = self.causes.get(label)
        return label if cause is None else cause.en if lang == "en" else cause.zh


def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """Read and check a taxonomy file (None = the shipped one); ``SettingsError`` names the entry and what is wrong."""
    return _read(path) if path else _shipped()


@cache
def _shipped() -> Taxonomy:
    return _read(data_file("taxonomy.toml"))


def _read(source: Path) -> Taxonomy:
    try:
        found = tomllib.loads(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"The taxonomy {source} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"The taxonomy {source} is not valid TOML: {error}.") from None
    if found.get("format") != 1 or not found.get("category"):
        raise SettingsError(f"{source} is not a taxonomy of format 1 with at least one [[category]].")
    made = Taxonomy(
        found.get("name", source.stem),
        found.get("zh", ""),
        found.get("en", ""),
        tuple(_category(source, entry) for entry in found["category"]),
    )
    _check_unique(source, made)
    return made


def _category(source: Path, entry: Mapping[str, Any]) -> Category:
    where = f"{source}, category {entry.get('id', '?')}"
    _check_entry(where, entry, _CATEGORY_KEYS, ("id", "zh", "en", "definition", *_FACTS))
    plain = {key: value for key, value in entry.items() if key != "cause"}
    causes = tuple(_cause(source, cause, plain) for cause in entry.get("cause", ()))
    return Category(**plain, causes=causes)


def _cause(source: Path, entry: Mapping[str, Any], category: Mapping[str, Any]) -> Cause:
    where = f"{source}, cause {entry.get('id', '?')}"
    _check_entry(where, entry, _CAUSE_KEYS, ("id", "zh", "en", "definition", "boundary"))
    unknown = sorted(set(entry.get("tags", ())) - set(TAGS))
    if unknown:
        raise SettingsError(f"{where}: unknown tag {', '.join(unknown)}. Tags are: {', '.join(TAGS)}.")
    facts = {key: category[key] for key in _FACTS}
    rest = {"common": False, **facts, **entry, "tags": tuple(entry.get("tags", ())), "category": category["id"]}
    return Cause(**rest)


def _check_entry(where: str, entry: Mapping[str, Any], known: set[str], needed: tuple[str, ...]) -> None:
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise SettingsError(f"{where}: unknown key {', '.join(unknown)}. Known are: {', '.join(sorted(known))}.")
    missing = [key for key in needed if not entry.get(key)]
    if missing:
        raise SettingsError(f"{where}: {', '.join(missing)} is missing.")
    for key, allowed in _ALLOWED.items():
        if key in entry and entry[key] not in allowed:
            raise SettingsError(f"{where}: {key} is {entry[key]!r}; it must be one of {', '.join(allowed)}.")
    for flag in _FLAGS:
        if not isinstance(entry.get(flag, True), bool):
            raise SettingsError(f"{where}: {flag} is {entry[flag]!r}; write true or false.")
    if any(sign in entry["id"] for sign in "|/,"):
        raise SettingsError(f"{where}: an id must not hold | / or a comma, which part labels in a cell.")


def _check_unique(source: Path, made: Taxonomy) -> None:
    seen: set[str] = set()
    for name in _ids(made):
        if name in seen:
            raise SettingsError(f"{source}: the id {name!r} stands there twice.")
        seen.add(name)


def _ids(made: Taxonomy) -> Iterator[str]:
    for category in made.categories:
        yield category.id
        yield from (cause.id for cause in category.causes)
