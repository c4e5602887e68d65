"""How cells look: one format per kind of cell, made once per workbook."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.output.workbook import Column

_HEADER = {"bold": True, "valign": "top", "text_wrap": True, "bottom": 1}
_TO_FILL = "#FFF8DC"
_COMPUTED = "#EDEDED"


@dataclass(slots=True)
class Formats:
    """Hands out the formats of one XlsxWriter ``book``."""

    book: Any
    _made: dict[tuple[tuple[str, Any], ...], Any] = field(init=False, default_factory=dict)

    @property
    def heading(self) -> Any:
        """A heading among lines."""
        return self._format({"bold": True, "text_wrap": True, "valign": "top"})

    @property
    def prose(self) -> Any:
        """A line of an explanation."""
        return self._format({"text_wrap": True, "valign": "top"})

    def header(self, to_fill: bool) -> Any:
        """The header of a column; tinted where people write below it."""
        return self._format({**_HEADER, "bg_color": _TO_FILL if to_fill else _COMPUTED})

    def of(self, column: "Column", is_protected: bool) -> Any:
        """The cells of a column; ``is_protected`` = by Excel's own protection."""
        look: dict[str, Any] = {"valign": "top"}
        if column.to_fill:
            look.update(bg_color=_TO_FILL, border=1, border_color="#D9D9D9")
        if column.to_fill or not is_protected:
            look.update(locked=False)
        if column.wrap:
            look.update(text_wrap=True)
        # text to fill in stays as it is typed: 001 does not become 1, 3-5 no day
        number_format = column.number_format or ("@" if column.to_fill else "")
        if number_format:
            look.update(num_format=number_format)
        return self._format(look)

    def _format(self, look: dict[str, Any]) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(look)
        return self._made[key]
