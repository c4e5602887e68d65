"""What a run changed in the register, as a value and as one line for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_CHINESE = {
    "new": "新问题",
    "growing": "上升",
    "fading": "下降",
    "quiet": "沉寂",
    "regressed": "复发",
    "verified": "验证通过",
    "failed": "验证未通过",
    "returned": "重新出现",
    "proposals": "待确认",
    "conflicts": "与人工决定冲突",
    "loaded": "载入投诉",
    "changed": "更新投诉",
    "moved": "移动投诉",
    "unchanged": "没有变化",
}
_SAME = "unchanged"
_SHOWN = (
    "new",
    "growing",
    "fading",
    "quiet",
    "regressed",
    "verified",
    "failed",
    "returned",
    "proposals",
    "conflicts",
)


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """What a run changed in the register; problems by their permanent ids.

    ``run`` is None when it changed nothing. ``rows`` of the dump were ``loaded`` (new), ``known``, ``changed`` (other
    facts than before) or ``repeated``; ``moved`` complaints changed their problem. ``new`` problems; ``growing``,
    ``fading``, ``quiet`` and ``regressed`` are those whose mark turned to that now; ``verified`` and ``failed`` those
    whose fix was checked and decided, ``unchecked`` those being watched that could not be, with the reason.
    ``returned``: dismissed ones that outgrew their limit. ``proposals``: numbers of new ones. ``conflicts`` say where
    decisions and data disagree. ``masked_again``: complaints in which something personal was left and masked at the
    last moment. ``ids``: permanent ids of the run's groups (those of the run and what is remembered together).
    """

    run: int | None
    rows: int
    loaded: int
    known: int
    changed: int
    repeated: int
    moved: int
    new: tuple[str, ...] = ()
    growing: tuple[str, ...] = ()
    fading: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    regressed: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    proposals: tuple[int, ...] = ()
    conflicts: tuple[str, ...] = ()
    masked_again: int = 0
    ids: Mapping[str, str] = field(default_factory=dict)

    def line(self, lang: str = "en") -> str:
        """Say it in one line; what did not happen is not named, and complaints only where nothing else is.

        >>> RegisterChange(1, 9, 9, 0, 0, 0, 9, new=("P-0001", "P-0002"), regressed=("P-0003",)).line()
        'new 2 · regressed 1'
        """
        words = _CHINESE if lang == "zh" else {}
        told = [(name, len(getattr(self, name))) for name in _SHOWN]
        plain = [("loaded", self.loaded), ("changed", self.changed), ("moved", self.moved)]
        parts = [one for one in told if one[1]] or [one for one in plain if one[1]]
        return " · ".join(f"{words.get(name, name)} {count}" for name, count in parts) or words.get(_SAME, _SAME)
