"""What operators call a repeated complaint: a rule as a code, e.g. ``number+label:6/month`` or ``number/30d/gap:1h``.

A rule is a key, a window and what may follow, parted by ``/``:

- key: ``number`` (the customer's), ``number+label`` (the operator's label; ``number+label:6`` down to level 6),
  ``number+problem`` (ours), ``number_or_contact`` (either number leads to the same customer);
- window: ``30d`` (any number of days before each complaint), ``month``, ``quarter`` or ``period`` (all of the dump);
- ``gap:1h``: a complaint of the same key that comes sooner after the one before is the same contact, and left out;
- ``region``: the region belongs to the key as well.
"""

import re
from dataclasses import dataclass

from pipeline.errors import SettingsError

KEYS = ("number", "number+label", "number+problem", "number_or_contact")
CALENDAR = ("month", "quarter", "period")
_KEY = re.compile(r"(number(?:\+label|\+problem|_or_contact)?)(?::(\d+))?")
_DAYS = re.compile(r"(\d+)d")
_GAP = re.compile(r"gap:(\d+(?:\.\d+)?)h")


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """``window`` is one of :data:`CALENDAR`, or empty: then ``days`` back from every complaint count."""

    code: str
    key: str
    levels: int
    window: str
    days: int
    gap_hours: float
    region: bool


def parse_rule(code: str) -> RepeatRule:
    """Read the code of a rule; ``SettingsError`` says what it may be.

    >>> rule = parse_rule("number+label:6/month/region")
    >>> rule.key, rule.levels, rule.window, rule.days, rule.region
    ('number+label', 6, 'month', 0, True)
    """
    parts = code.replace(" ", "").split("/")
    key = _KEY.fullmatch(parts[0])
    window = parts[1] if len(parts) > 1 else ""
    days = _DAYS.fullmatch(window)
    gaps = [found for part in parts[2:] if (found := _GAP.fullmatch(part))]
    others = [part for part in parts[2:] if not _GAP.fullmatch(part) and part != "region"]
    if key is None or (key[2] and key[1] != "number+label") or others or not (days or window in CALENDAR):
        raise SettingsError(
            f"{code!r} is no rule of repeated complaints. Write key/window, then /gap:HOURSh or /region where wanted; "
            f"keys are {', '.join(KEYS)}, windows {', '.join(CALENDAR)} or days such as 30d."
        )
    return RepeatRule(
        code=code,
        key=key[1],
        levels=int(key[2] or 0),
        window="" if days else window,
        days=int(days[1]) if days else 0,
        gap_hours=float(gaps[0][1]) if gaps else 0.0,
        region="region" in parts[2:],
    )
