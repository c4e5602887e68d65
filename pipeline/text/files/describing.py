"""What was understood of a dump, for a person to check before anything runs; no cell of the dump is shown."""

from dataclasses import dataclass

from pipeline.records import Role
from pipeline.text.files.headers import meaning_of
from pipeline.text.reading import Dump, Source


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column: its role or ``None``; ``why`` is synonym, override, content, alternate, unused (known) or unknown.

    ``kind`` is the role's name, or the kind of a known header that nothing uses yet (e.g. ``repeat``).
    """

    header: str
    role: Role | None
    why: str
    kind: str = ""
    in_text: bool = False


@dataclass(frozen=True, slots=True)
class SourceView:
    """One file or sheet: how it is read, what its columns mean and what is worth a remark."""

    file: str
    sheet: str
    format: str
    encoding: str
    delimiter: str
    header_row: int
    rows_guess: int
    columns: tuple[ColumnView, ...]
    notes: tuple[str, ...]

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Headers that were not understood."""
        return tuple(column.header for column in self.columns if column.why == "unknown")


@dataclass(frozen=True, slots=True)
class Description:
    """A dump as it was understood."""

    sources: tuple[SourceView, ...]

    @property
    def rows_guess(self) -> int:
        """About how many rows there are in all sources."""
        return sum(source.rows_guess for source in self.sources)


def describe(dump: Dump) -> Description:
    """Return what each header of each source is taken for, and why."""
    return Description(tuple(_view(source) for source in dump.sources))


def _view(source: Source) -> SourceView:
    return SourceView(
        source.file,
        source.sheet,
        source.format,
        source.encoding,
        source.delimiter,
        source.header_row,
        source.rows_guess,
        tuple(_column(source, header) for header in source.headers),
        source.notes,
    )


def _column(source: Source, header: str) -> ColumnView:
    in_text = header in source.texts
    for role, headers in source.roles.items():
        if header in headers:
            return ColumnView(header, role, source.why.get(header, "synonym"), role.value, in_text)
    for role, headers in source.alternates.items():
        if header in headers:
            return ColumnView(header, role, "alternate", role.value)
    meaning = meaning_of(header)
    if meaning is None:
        return ColumnView(header, None, "unknown")
    return ColumnView(header, None, "unused", meaning.kind)
