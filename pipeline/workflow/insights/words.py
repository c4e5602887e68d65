"""Insights in words: sections, columns and figures by name, what is missing, and the paragraph of the brief."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from pipeline.insights.brief import Brief, Concentration, Part
from pipeline.insights.cases import Missing
from pipeline.insights.daily_repeats import RegionOfDay
from pipeline.messages import translated
from pipeline.resources import data_file
from pipeline.taxonomy import Taxonomy, load_taxonomy

_BETWEEN = " | "
_COLON = re.compile("(: ?)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")


def word(kind: str, code: str, lang: str) -> str:
    """The name of a section, column or figure for people; the code itself where no table has one."""
    plain = code.replace("_", " ")
    zh, en = _words().get(kind, {}).get(code, (translated(plain, "zh"), plain))
    return en if lang == "en" else zh


def header(code: str, lang: str, table: str = "") -> str:
    """The header of a column of a table; ``code`` is a field, or fields within fields parted by dots.

    A ``table`` may have words of its own for a column.

    >>> header("avoidable.later", "zh"), header("avoidable.later", "en")
    ('本可避免·后续', 'avoidable.later')
    >>> header("place", "zh", "survey_weak"), header("place", "zh")
    ('位次', '投诉地址')
    """
    if lang == "en":
        return code
    own = _words()["table_fields"].get(f"{table}.{code}")
    if own:
        return own[0]
    return "·".join(_header_part(part) for part in code.split("."))


def _header_part(code: str) -> str:
    if code.startswith("of_"):
        return f"所属{_header_part(code.removeprefix('of_'))}"
    kind = next((kind for kind in ("fields", "columns", "sections") if code in _words()[kind]), "fields")
    return word(kind, code, "zh")


def cell(value: object, lang: str, section: str = "") -> object:
    """What stands in a cell of a table for people: codes by their names, times with a space.

    A ``section`` may have words of its own for a code.

    English tables keep the codes; ``insights.json`` has them in every language.

    >>> cell("escalated | beyond", "zh"), cell(True, "zh"), cell("2026-02-03T20:34:42", "zh"), cell(True, "en")
    ('已升级 | 多次或长期未解决', '是', '2026-02-03 20:34:42', True)
    """
    if lang == "en" or not isinstance(value, (str, bool)):
        return value
    if isinstance(value, str) and _TIME.fullmatch(value):
        return value.replace("T", " ")
    return _BETWEEN.join(_part(one, section) for one in str(value).split(_BETWEEN))


def _part(part: str, section: str) -> str:
    """A value, or values with colons between them."""
    known = _value(part, section)
    # a rule of repeated complaints has a colon of its own, so that the whole comes first
    return known if known != part else "".join(_value(one, section) for one in _COLON.split(part))


def _value(code: str, section: str) -> str:
    values = _words()["values"]
    found = values.get(f"{section}.{code}") or values.get(code)
    return found[0] if found else _taxonomy().title(code, "zh")


@cache
def _taxonomy() -> Taxonomy:
    return load_taxonomy()


def missing_rows(missing: Sequence[tuple[str, Missing]], lang: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Headers and rows of the table of what could not be made: section, figure, and what would give it."""
    headers = ("section", "figure", "needs") if lang == "en" else ("部分", "缺少的指标", "需要的列或文件")
    glue = ", " if lang == "en" else "、"
    rows = [
        (
            word("sections", section, lang),
            word("figures", one.figure, lang),
            glue.join(word("columns", need, lang) for need in one.needs),
        )
        for section, one in missing
    ]
    return headers, list(dict.fromkeys(rows))


def brief_text(brief: Brief, lang: str) -> str:
    """The paragraph for the chat group."""
    if brief.period is None:
        return _said("no_time", lang)
    told = [_total(brief, lang)]
    if brief.cities:
        told.append(_said("cities", lang, parts=_listed(brief.cities, lang)))
    told.append(_concentrated(brief, lang))
    if not any(one.figure == "brief_repeats" for one in brief.missing):
        told.append(_repeated(brief.repeats, lang))
    return _said("next", lang).join(told) + _said("end", lang)


def _said(code: str, lang: str, **parts: object) -> str:
    return word("sentences", code, lang).format(**parts)


def _total(brief: Brief, lang: str) -> str:
    assert brief.period is not None
    start, end = (
        _said("day", lang, day=day, year=day.year, month=day.month, date=day.day)
        for day in (brief.period.start, brief.period.end)
    )
    when = end if start == end else _said("days", lang, start=start, end=end)
    total = _said("total", lang, when=when, count=f"{brief.complaints:,}")
    return total + (_said("among", lang, parts=_listed(brief.channels, lang)) if brief.channels else "")


def _listed(parts: Iterable[Part], lang: str) -> str:
    unknown = _said("unknown", lang)
    told = (_said("part", lang, name=one.name or unknown, count=f"{one.complaints:,}") for one in parts)
    return _said("and", lang).join(told)


def _concentrated(brief: Brief, lang: str) -> str:
    if brief.concentrations:
        told = (_concentration(one, lang) for one in brief.concentrations)
        return _said("concentrated", lang, parts=_said("and", lang).join(told))
    return _said("none_found" if brief.judged else "too_short", lang)


def _concentration(one: Concentration, lang: str) -> str:
    name = load_taxonomy().title(one.id, lang) if one.kind == "category" else one.name or one.id
    if one.kind == "outage":
        name = _said("outage" if name else "outage_unnamed", lang, region=one.region, name=name)
    days = f"{one.start}" if one.start == one.end else f"{one.start}–{one.end}"
    return _said("concentration", lang, name=name, days=days, count=f"{one.complaints:,}", usual=f"{one.expected:.1f}")


def _repeated(repeats: Sequence[RegionOfDay], lang: str) -> str:
    if not repeats:
        return _said("no_repeats", lang)
    unknown, glue = _said("unknown", lang), _said("and", lang)
    told = []
    for one in repeats:
        classes = (("twice", one.twice), ("thrice", one.thrice), ("more", one.more))
        shown = glue.join(_said(name, lang, count=count) for name, count in classes if count)
        told.append(_said("repeat", lang, name=one.region or unknown, count=one.repeaters, classes=shown))
    return _said("repeats", lang, count=f"{sum(one.repeaters for one in repeats):,}", parts=glue.join(told))


@cache
def _words() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    found = tomllib.loads(data_file("insight_words.toml").read_text(encoding="utf-8"))
    return {kind: {code: _both(code, one) for code, one in table.items()} for kind, table in found.items()}


def _both(code: str, words: str | Sequence[str]) -> tuple[str, str]:
    return (words, code.replace("_", " ")) if isinstance(words, str) else (words[0], words[1])
