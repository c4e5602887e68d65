"""Settings from ``genyin.toml``: every key is known, typed and documented; an unknown one is an error, not a wish.

Command-line options win over the file, the file over the defaults.
"""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pipeline.errors import SettingsError
from pipeline.records import Role

FILE_NAME = "genyin.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set once for all runs.

    ``lang``: zh or en; ``model``: model folder; ``jobs``: processes, -1 = all cores; ``format``: csv, xlsx, jsonl or
    parquet; ``text``: text columns; ``columns``: role = header; ``sheet``, ``encoding``: as the options;
    ``target_precision``: what trained thresholds aim at; ``dictionary``, ``stopwords``: own word lists for training;
    ``customer_side_only``: drop the agent's turns where sides are marked; ``key_file``: key of the customer pseudonyms;
    ``min_size``: least complaints of a problem; ``granularity``: how fine problems are told apart; ``register``:
    address of the problem register; ``subscribers``: table of users for rates per users; ``models``: folder of trained
    models of which one is active; ``insights``: tables of options, one per section (see ``option_tables``).
    """

    lang: str = ""
    model: str = ""
    jobs: int = -1
    format: str = "csv"
    text: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    encoding: str = ""
    target_precision: float = 0.95
    dictionary: str = ""
    stopwords: str = ""
    customer_side_only: bool = False
    key_file: str = ""
    min_size: int = 3
    granularity: str = "normal"
    register: str = ""
    subscribers: str = ""
    models: str = "genyin-models"
    insights: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load_settings(path: Path | None = None) -> Settings:
    """Read ``path``, or ``genyin.toml`` of this folder if there is one; ``SettingsError`` names what is wrong."""
    source = path or Path(FILE_NAME)
    if path is None and not source.is_file():
        return Settings()
    try:
        found = tomllib.loads(_text(source))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings file {source} is not valid TOML: {error}.") from None
    return Settings(**{key: _checked(source, key, value) for key, value in found.items()})


def _text(source: Path) -> str:
    """The text of a settings file; editors on Windows save it in GBK or UTF-16 as well."""
    try:
        data = source.read_bytes()
    except OSError as error:
        raise SettingsError(f"The settings file {source} cannot be read: {error.strerror}.") from None
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for codec in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            # as when a text file is opened
            return data.decode(codec).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise SettingsError(
        f"The settings file {source} is neither UTF-8 nor GBK: open it in Notepad and save it as UTF-8."
    )


def _checked(source: Path, key: str, value: Any) -> Any:
    known = {one.name: getattr(Settings(), one.name) for one in fields(Settings)}
    if key not in known:
        raise SettingsError(f"{source}: unknown setting {key!r}. Known are: {', '.join(known)}.")
    check = _CHECKS.get(key, _same_type)
    made = check(known[key], value)
    if made is None:
        raise SettingsError(f"{source}: {key} = {value!r} cannot be used; {_EXPECTED[key]}.")
    return made


def _same_type(default: Any, value: Any) -> Any:
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if type(value) is type(default) else None


def _one_of(*allowed: str) -> Any:
    return lambda _, value: value if value in allowed else None


def _names(_: Any, value: Any) -> tuple[str, ...] | None:
    value = [value] if isinstance(value, str) else value
    return tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def _roles(_: Any, value: Any) -> Mapping[str, str] | None:
    known = set(Role)
    if not isinstance(value, dict) or not all(key in known and isinstance(one, str) for key, one in value.items()):
        return None
    return dict(value)


def _tables(_: Any, value: Any) -> Mapping[str, Mapping[str, Any]] | None:
    fits = isinstance(value, dict) and all(isinstance(one, dict) for one in value.values())
    return dict(value) if fits else None


def _share(_: Any, value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 < value < 1 else None


def _at_least_two(_: Any, value: Any) -> int | None:
    return value if type(value) is int and value >= 2 else None


_CHECKS = {
    "lang": _one_of("zh", "en"),
    "format": _one_of("csv", "xlsx", "jsonl", "parquet"),
    "text": _names,
    "columns": _roles,
    "target_precision": _share,
    "min_size": _at_least_two,
    "granularity": _one_of("coarse", "normal", "fine"),
    "insights": _tables,
}
_EXPECTED = {
    "lang": 'give "zh" or "en"',
    "model": "give the path of a model folder as text",
    "jobs": "give a whole number, -1 for all cores",
    "format": 'give "csv", "xlsx", "jsonl" or "parquet"',
    "text": 'give a header or a list of headers, e.g. ["标题", "内容"]',
    "columns": f"give a table of role = header; roles are {', '.join(Role)}",
    "sheet": "give a sheet name as text",
    "encoding": "give an encoding as text",
    "target_precision": "give a number between 0 and 1",
    "dictionary": "give the path of a word list as text",
    "stopwords": "give the path of a word list as text",
    "customer_side_only": "give true or false",
    "key_file": "give a path as text",
    "min_size": "give a whole number from 2 on",
    "granularity": 'give "coarse", "normal" or "fine"',
    "register": 'give an address as text, e.g. "sqlite:///genyin.db"',
    "subscribers": "give the path of a table as text",
    "models": "give the path of a folder as text",
    "insights": "give tables such as [insights.counting]",
}
