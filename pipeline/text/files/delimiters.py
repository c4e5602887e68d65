"""Which character separates the cells of a text file, judged by its first lines."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

from pipeline.text.files.csv_rows import read_records
from pipeline.text.files.tables import RawRow, Start

CANDIDATES = (",", "\t", ";", "|", "，")
# Full-width commas are ordinary in Chinese text, so only a header row that is understood proves them a delimiter.
_PROSE = "，"
_SAMPLE_ROWS = 60
_HEADER_ROWS = 20
_CONSISTENT = 0.8


def sniff_delimiter(lines: Sequence[str], is_header: Callable[[str], bool]) -> str:
    r"""Return the delimiter, or ``""`` when each line is one text; ``is_header`` knows the header synonyms.

    >>> sniff_delimiter(["id;text\n", "1;断网, 两天\n"], {"id", "text"}.__contains__)
    ';'
    >>> sniff_delimiter(["断网了, 两天\n", "多扣了钱\n"], {"text"}.__contains__)
    ''
    """
    first = next((line.strip() for line in lines if line.strip()), "")
    if not is_header(first.strip('"')):
        scores = {delimiter: _score(lines, delimiter, is_header) for delimiter in CANDIDATES}
        best = max(CANDIDATES, key=lambda delimiter: scores[delimiter])
        if scores[best] > (0, 0.0, 0):
            return best
    return "," if _is_quoted_column(lines) else ""


def _score(lines: Sequence[str], delimiter: str, is_header: Callable[[str], bool]) -> tuple[int, float, int]:
    """Rate a delimiter by headers understood, share of rows of the usual width, and that width; zeros = unfit."""
    rows = [row for row in _sample(lines, delimiter) if any(row.cells)]
    wide = [len(row.cells) for row in rows if len(row.cells) > 1]
    if not wide:
        return (0, 0.0, 0)
    width, count = Counter(wide).most_common(1)[0]
    share = count / len(rows)
    known = max((sum(map(is_header, row.cells)) for row in rows[:_HEADER_ROWS] if len(row.cells) > 1), default=0)
    if delimiter == _PROSE and known < 2:
        return (0, 0.0, 0)
    return (known, share, width) if known or share >= _CONSISTENT else (0, 0.0, 0)


def _is_quoted_column(lines: Sequence[str]) -> bool:
    """Tell whether one column was written with csv quotes; elsewhere a quote is just part of the text."""
    if not any(line.lstrip().startswith('"') for line in lines):
        return False
    return all(not row.damage and len(row.cells) <= 1 for row in _sample(lines, ","))


def _sample(lines: Sequence[str], delimiter: str) -> list[RawRow]:
    return list(islice(read_records(lines, delimiter, Start()), _SAMPLE_ROWS))
