"""A table of ``genyin.toml`` as a frozen dataclass of options: each key a field, each value of the field's type."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pipeline.errors import SettingsError

Options = TypeVar("Options")


def options_from(kind: type[Options], table: Mapping[str, Any], where: str) -> Options:
    """Return ``kind`` with the values of ``table`` over its defaults; ``where`` names the table in messages.

    Raises ``SettingsError`` for a key that is no field, a value of another type, or one that the options refuse.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Growth:
    ...     least: float = 0.5
    ...     regions: tuple[str, ...] = ()
    >>> options_from(Growth, {"least": 1, "regions": ["滨城"]}, "genyin.toml, [insights.growth]")
    Growth(least=1.0, regions=('滨城',))
    """
    hints = get_type_hints(kind)
    known = {one.name: one for one in fields(kind) if one.init}  # type: ignore[arg-type]
    found = {}
    for key, value in table.items():
        if key not in known:
            raise SettingsError(f"{where}: there is no key {key!r}. Known are: {', '.join(known)}.")
        try:
            found[key] = _read(hints[key], value, f"{where[:-1]}.{key}]" if where.endswith("]") else f"{where}, {key}")
        except _Unfit:
            raise SettingsError(
                f"{where}: {key} = {value!r} cannot be used here; give {_expected(hints[key])}, "
                f"for example {_example(known[key])}."
            ) from None
    try:
        return kind(**found)
    except ValueError as error:
        raise SettingsError(f"{where} cannot be used: {error}.") from None


class _Unfit(Exception):
    """A value is not of the wanted type."""


def _read(hint: Any, value: Any, where: str) -> Any:
    """Return the value as ``hint`` wants it: lists become tuples, whole numbers floats, tables options."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, types.UnionType):
        return _first_fit(parts, value, where)
    if origin is Literal:
        return _check(value, value in parts)
    if origin is tuple:
        return _tuple(parts, value, where)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        _check(value, isinstance(value, dict))
        return {_read(parts[0], key, where): _read(parts[1], one, where) for key, one in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        _check(value, isinstance(value, dict))
        return options_from(hint, value, where)
    return _plain(hint, value)


def _plain(hint: Any, value: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(_check(value, value in {one.value for one in hint}))
    if hint is float:
        return float(_check(value, isinstance(value, (int, float)) and not isinstance(value, bool)))
    if hint is date:
        return _check(value, isinstance(value, date) and not isinstance(value, datetime))
    return _check(value, type(value) is hint)


def _tuple(parts: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _check(value, isinstance(value, list))
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], one, where) for one in value)
    _check(value, len(value) == len(parts))
    return tuple(_read(part, one, where) for part, one in zip(parts, value, strict=True))


def _first_fit(parts: tuple[Any, ...], value: Any, where: str) -> Any:
    for part in parts:
        if part is not type(None):
            try:
                return _read(part, value, where)
            except _Unfit:
                continue
    raise _Unfit


def _check(value: Any, fits: bool) -> Any:
    if not fits:
        raise _Unfit
    return value


def _expected(hint: Any) -> str:
    """What kind of value is wanted, in words."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _expected(next(part for part in parts if part is not type(None)))
    if origin is Literal:
        return " / ".join(map(repr, parts))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " / ".join(repr(one.value) for one in hint)
    if origin is tuple:
        return "a list"
    if is_dataclass(hint) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return "a table"
    return _WORDS.get(hint, "a value")


_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", date: "a date"}


def _example(field: Field[Any]) -> str:
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return _shown(default)


def _shown(value: Any) -> str:
    """A default as it would stand in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return f'"{value.value}"'
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return str(value)
