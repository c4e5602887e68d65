"""What the dump's own columns say of the cause, joined with what the model says of the text.

Each column is a witness: how much likelier is its value under a cause than at large, P(value | cause) / P(value)? The
model's shares over this very dump answer that, so a column needs no meaning known beforehand. How far each witness is
to be trusted is fitted as well: the weights make the columns alone foretell what the texts say, so a column without
information gets none, and columns that repeat each other share theirs. Counting and weighing alternate (expectation
maximisation, Dempster, Laird and Rubin 1977). No row testifies for itself: its own share is taken out of every count
that it is judged by, so a value that occurs once says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.model.sparse_rows import SparseRows, turned_times
from pipeline.problems.column_values import code, path_nodes, place_levels
from pipeline.problems.evidence_weights import fit_weights, normalised
from pipeline.records import Complaints, Role

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

# What was bought, where, how it came in and who had to deal with it. What came out of it (satisfaction, escalation) and
# who the customer is say next to nothing of the cause, and comparing causes by them later must not go in circles.
_PATHS = (Role.LABEL_PATH, Role.LABEL, Role.CAUSE)
_REGIONS = (Role.INCIDENT_REGION, Role.HOME_REGION)
_PLAIN = (
    Role.DEPARTMENT,
    Role.HANDLER_GROUP,
    Role.PRODUCT,
    Role.CAMPAIGN,
    Role.CHANNEL,
    Role.PLACE,
)
# counting and weighing again moves less than one complaint in two hundred: enough
_ROUNDS = 10
_SETTLED = 0.005
# half a complaint more, seen and expected (Jeffreys' prior): what is hardly seen says hardly anything
_HALF = 0.5
# complaints that a value's usual ratio counts for beside those seen with a cause
_PRIOR = 1.0
# a value of one row is like all other such values: only that the cell is filled counts
_LEAST = 2
_MOST = 1000
_RARE = "\x00"
# shares below this change no count by anything worth taking out
_OWN = 0.01
# gain in log likelihood that is no chance (odds of a hundred to one)
_WORTH = 4.6
_FIT_ROWS = 3000
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of values; ``named[v]`` is the cause that value ``v`` is the name of, -1 for none."""

    codes: Ints
    named: Ints


@dataclass(frozen=True, slots=True)
class _Table:
    """A column counted: ``seen[v, c]`` complaints of cause ``c`` with value ``v``, as far as they are believed.

    ``logs[v, c]`` is the logarithm of P(v | c) / P(v) for a row that has no share in ``c`` itself; ``usual[v]`` is what
    that ratio usually is.
    """

    column: _Column
    seen: Floats
    counts: Ints
    totals: Floats
    rows: int
    usual: Floats
    logs: Floats

    def evidence(self, rows: Ints | slice, own: "_Own") -> Floats:
        """Log ratios for each row, its own beliefs taken out of the counts; shape (rows, causes)."""
        codes = self.column.codes[rows]
        logs = self.logs[codes]
        value = codes[own.rows]
        says = self.column.named[value] == own.causes
        share = _share(self.totals[own.causes] - own.beliefs, self.rows)
        seen = self.seen[value, own.causes] - own.beliefs
        logs[own.rows, own.causes] = _log_ratio(seen, self.counts[value] - 1, share, self.usual[value], says)
        return logs


@dataclass(frozen=True, slots=True)
class _Own:
    """What rows believe of themselves: row ``rows[j]`` has share ``beliefs[j]`` in cause ``causes[j]``."""

    rows: Ints
    causes: Ints
    beliefs: Floats

    @staticmethod
    def of(beliefs: Floats) -> "_Own":
        rows, causes = np.divmod(np.flatnonzero(beliefs.ravel() >= _OWN), beliefs.shape[1])
        return _Own(rows, causes, beliefs[rows, causes].astype(np.float64))


def weigh(complaints: Complaints) -> NDArray[np.float32]:
    """Cause shares by text and columns, shape (complaints, causes); every row sums to what it summed to before.

    Without columns, or where none of them tells anything, the shares are those of the model.
    """
    shares = complaints.cause_shares
    order = np.array(sorted(range(len(complaints)), key=lambda i: (complaints.ids[i], complaints.texts[i])), np.int64)
    columns = _columns(complaints, order)
    if not columns or shares.shape[1] < 2:
        return shares.copy()
    # sums of floats depend on the order of the rows, so it must not be that of the file
    sums = np.maximum(shares.sum(axis=1, dtype=np.float64), np.finfo(np.float32).tiny)
    texts = shares[order] / sums[order, None].astype(np.float32)
    sample = np.linspace(0, len(texts) - 1, min(len(texts), _FIT_ROWS)).astype(np.int64)
    beliefs = texts
    columns = _telling(columns, texts, sample)
    if not columns:
        return shares.copy()
    for _ in range(_ROUNDS):
        tables = _tables(columns, beliefs)
        weights = fit_weights(_evidence(tables, beliefs, sample), texts[sample], beliefs)[0]
        before = beliefs[sample]
        beliefs = _joined(texts, beliefs, tables, weights)
        if np.abs(beliefs[sample] - before).sum() < 2 * _SETTLED * len(sample):
            break
    weighed = np.empty_like(shares)
    weighed[order] = beliefs * sums[order, None].astype(np.float32)
    return weighed


def _columns(complaints: Complaints, order: Ints) -> list[_Column]:
    """Every reading of every column that has at least two values, in the given order of rows; each reading once."""
    places = {cause: i for i, cause in enumerate(complaints.causes) if cause}
    found: dict[bytes, _Column] = {}
    for role in (*_PATHS, *_PLAIN, *_REGIONS):
        for cells in _readings(role, complaints.columns.get(role, ())):
            coded = code(cells, _LEAST, _MOST, _RARE)
            if len(coded.values) > 1:
                leaves = [(path_nodes(value) or ("",))[-1] for value in coded.values]
                named = np.array([places.get(leaf, -1) for leaf in leaves])
                found.setdefault(coded.codes.tobytes(), _Column(coded.codes[order], named))
    return list(found.values())


def _readings(role: Role, cells: Sequence[str]) -> list[Sequence[str]]:
    """A column as it is, and a path also by each of its nodes, its leaf and its last two nodes."""
    if role in _REGIONS:
        plain = {cell: (place_levels(cell) or ("",))[-1] for cell in set(cells)}
        return [[plain[cell] for cell in cells]]
    if role not in _PATHS:
        return [cells]
    nodes: Mapping[str, tuple[str, ...]] = {cell: path_nodes(cell) for cell in set(cells)}
    depth = max(map(len, nodes.values()), default=0)
    if depth < 2:
        return [cells]
    cuts = [slice(-1, None), slice(-2, None), *(slice(level, level + 1) for level in range(depth))]
    return [cells, *([">".join(nodes[cell][cut]) for cell in cells] for cut in cuts)]


def _telling(columns: Sequence[_Column], texts: Floats, sample: Ints) -> list[_Column]:
    """Columns that foretell what the texts say, each by itself, beyond what chance would make of it.

    This is asked before any column has had a say, lest one that says nothing finds itself confirmed.
    """
    tables = _tables(columns, texts)
    gains = [fit_weights(_evidence([table], texts, sample), texts[sample], texts)[1] for table in tables]
    return [column for column, gain in zip(columns, gains, strict=True) if gain >= _WORTH]


def _evidence(tables: Sequence[_Table], beliefs: Floats, rows: Ints) -> Floats:
    own = _Own.of(beliefs[rows])
    return np.array([table.evidence(rows, own) for table in tables], np.float64)


def _tables(columns: Sequence[_Column], beliefs: Floats) -> list[_Table]:
    totals = beliefs.sum(axis=0, dtype=np.float64)
    causes = np.arange(beliefs.shape[1])
    tables = []
    for column in columns:
        counts = np.bincount(column.codes, minlength=len(column.named))
        seen = np.zeros((len(counts), beliefs.shape[1]))
        for block in _blocks(len(beliefs)):
            codes = column.codes[block]
            starts = np.arange(len(codes) + 1, dtype=np.int32)
            marks = SparseRows(
                np.ones(len(codes), beliefs.dtype), codes.astype(np.int32), starts, (len(codes), len(counts))
            )
            seen += turned_times(marks, beliefs[block])
        says = column.named[:, None] == causes
        share = _share(totals, len(beliefs))
        usual = _usual_ratio(seen, counts[:, None] - 1, share)
        logs = _log_ratio(seen, counts[:, None] - 1, share, usual[:, None], says)
        tables.append(_Table(column, seen, counts, totals, len(beliefs), usual, logs.astype(np.float32)))
    return tables


def _share(complaints: Floats, rows: int) -> Floats:
    return (np.maximum(complaints, 0) + _HALF) / rows


def _usual_ratio(seen: Floats, others: Ints, share: Floats) -> Floats:
    """What P(value | cause) / P(value) usually is: its geometric mean over all complaints, shape (values,).

    It is below 1 where few causes have most of a value, so of a cause that is hardly seen little can then be expected
    (shrinking ratios to what they have in common: DuMouchel 1999, Bayesian data mining in large frequency tables).
    """
    logs = np.log((seen + _HALF) / (others * share + _HALF))
    return np.exp((logs * share).sum(axis=1) / share.sum())


def _log_ratio(seen: Floats, others: Ints, share: Floats, usual: Floats, says: NDArray[np.bool_]) -> Floats:
    """How much more often ``seen`` of the ``others`` with a value have a cause than its ``share`` lets expect.

    What is hardly seen is drawn to the ``usual`` ratio. A value that is the cause's own name starts from even odds
    (Laplace's rule of succession), so that it counts before the texts have confirmed it, and no longer when they
    contradict it.
    """
    seen = np.maximum(seen, 0)
    ratio = (seen + _PRIOR * usual) / (others * share + _PRIOR)
    return np.log(np.where(says, (seen + 1) / (others + 2) / share, ratio))


def _joined(texts: Floats, beliefs: Floats, tables: Sequence[_Table], weights: Floats) -> Floats:
    """Shares of the texts times the weighted evidence of the columns, each row normalised again."""
    joined = np.empty_like(texts)
    for block in _blocks(len(texts)):
        logs = np.log(np.maximum(texts[block], np.finfo(np.float32).tiny))
        own = _Own.of(beliefs[block])
        for table, weight in zip(tables, weights.astype(np.float32), strict=True):
            if weight:
                logs += weight * table.evidence(block, own)
        joined[block] = normalised(logs)
    return joined


def _blocks(rows: int) -> list[slice]:
    return [slice(start, end) for start, end in pairwise([*range(0, rows, _BLOCK), rows])]
