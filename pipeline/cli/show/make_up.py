"""What a problem's count is made up of, in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.workflow import MakeUp

_MOST = 8
# the usual smallest size of a problem
_FEW = 5


def make_up_facts(made: "MakeUp", lang: str) -> Iterator[tuple[str, str]]:
    """Name and words of what adds up to the count, where there are parts, and of complaints that count elsewhere."""
    zh = lang == "zh"
    if made.parts:
        total = made.own + sum(one.complaints for one in made.parts)
        named = [f"{one.id} {one.complaints:,}" for one in made.parts[:_MOST]]
        more = made.parts[_MOST:]
        if more:
            rest = sum(one.complaints for one in more)
            named.append(f"另外 {len(more)} 个 {rest:,}" if zh else f"{len(more)} more {rest:,}")
        own = f"本身 {made.own:,}" if zh else f"its own {made.own:,}"
        yield ("其中" if zh else "made up of", f"{' + '.join([own, *named])} = {total:,}")
    if made.elsewhere:
        told = (
            f"还有 {made.elsewhere:,} 件也与本问题有关，但主要属于其他问题，只计在那里"
            if zh
            else f"{made.elsewhere:,} more belong to it too, but more to other problems, and count there alone"
        )
        if made.own < _FEW and not made.parts:
            told += "；所以件数少于问题的最小规模" if zh else "; so there are fewer than a problem needs"
        yield ("计在别处" if zh else "elsewhere", told)
