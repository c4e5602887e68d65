"""Lines that fit the terminal; a Chinese character is two cells wide."""

import re
import shutil
import unicodedata
from collections.abc import Iterable, Sequence

from pipeline.cli.show.results import aligned

# where output goes to a file or a pipe there is no edge; lines stay readable all the same
_NO_TERMINAL = (200, 24)
_LEAST = 16
# ask for another look of the character before them, whose width then depends on the terminal
_LOOKS = re.compile("[\ufe00-\ufe0f]")
_HIDDEN = ("Cc", "Cf", "Zl", "Zp", "Cs")


def terminal_width() -> int:
    """Cells in a line: ``COLUMNS``, else the terminal's; wide where there is none."""
    return max(shutil.get_terminal_size(_NO_TERMINAL).columns, 20)


def harmless(text: str) -> str:
    """Return foreign text as one line that cannot steer the terminal.

    >>> harmless("断网" + chr(27) + "[2J" + chr(10) + "三天")
    '断网 [2J 三天'
    """
    shown = _LOOKS.sub("", text)
    return "".join(" " if unicodedata.category(one) in _HIDDEN else one for one in shown)


def shortened(text: str, width: int) -> str:
    """Cut to ``width`` cells, with … where something is missing.

    >>> shortened("流量包自动续订", 9), shortened("流量包", 9)
    ('流量包自…', '流量包')
    """
    from rich.cells import cell_len

    if cell_len(text) <= width:
        return text
    return text[: _fitting(text, width - 1)].rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Break into lines of at most ``width`` cells, at a space where there is one near the end.

    >>> wrapped("宽带晚上慢", 6)
    ['宽带晚', '上慢']
    """
    lines = []
    rest = text.strip()
    while rest:
        head = rest[: max(_fitting(rest, width), 1)]
        space = head.rfind(" ") if len(head) < len(rest) and rest[len(head)] != " " else -1
        cut = space if space > len(head) // 2 else len(head)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return lines or [""]


def _fitting(text: str, width: int) -> int:
    """How many characters from the beginning fit."""
    from rich.cells import cell_len

    used = 0
    for place, one in enumerate(text):
        used += cell_len(one)
        if used > width:
            return place
    return len(text)


def fitted(
    rows: Sequence[Sequence[str]], elastic: int, right: Iterable[int] = (), drop: Sequence[int] = ()
) -> list[str]:
    """Lay rows out in columns that fit the terminal.

    The ``elastic`` column gives way first; where that leaves it too narrow, the columns in ``drop`` go, in this order.
    """
    from rich.cells import cell_len

    width, kept = terminal_width(), list(range(len(rows[0])))
    clean = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[place]) for row in clean) for place in kept]

    def room() -> int:
        return width - sum(widths[place] + 2 for place in kept if place != elastic)

    for place in drop:
        if room() >= min(widths[elastic], _LEAST):
            break
        kept.remove(place)
    limit = max(room(), 1)
    cut = [[shortened(row[place], limit) if place == elastic else row[place] for place in kept] for row in clean]
    flush = [at for at, place in enumerate(kept) if place in set(right)]
    return [shortened(line, width) for line in aligned(cut, right=flush)]


def sheet(pairs: Iterable[tuple[str, str]], indent: int = 0) -> list[str]:
    """Lay out names and their values, long values over several lines; ``indent`` cells are kept free for the caller."""
    from rich.cells import cell_len

    held = [(harmless(name), harmless(value)) for name, value in pairs]
    width = terminal_width() - indent
    margin = min(max((cell_len(name) for name, _ in held), default=0) + 2, width // 2)
    lines = []
    for name, value in held:
        first, *others = wrapped(value, width - margin)
        name = shortened(name, margin - 2)
        lines.append((name + " " * (margin - cell_len(name)) + first).rstrip())
        lines += [" " * margin + line for line in others]
    return lines


def paragraph(text: str, indent: int = 0) -> list[str]:
    """Break a text into lines that fit, all indented."""
    return [" " * indent + line for line in wrapped(harmless(text), terminal_width() - indent)]
