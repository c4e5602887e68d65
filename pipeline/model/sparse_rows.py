"""Rows that are nearly empty, their products with weights, and them turned: all that a usual run needs of scipy.

Importing ``scipy.sparse`` takes a quarter of a second, for each command anew; its inner loops alone take none.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Union

import numpy as np
from numpy.typing import NDArray

from pipeline.native import compiled

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True)
class SparseRows:
    """A sparse matrix row by row, with the attributes of scipy's ``csr_array``.

    The entries of row i are ``data[indptr[i]:indptr[i + 1]]``, in the columns that ``indices`` names there.
    """

    data: NDArray[np.floating]
    indices: NDArray[np.int32]
    indptr: NDArray[np.int32]
    shape: tuple[int, int]

    def csr(self) -> "csr_array":
        """Return the same as scipy's matrix; loads scipy."""
        from scipy.sparse import csr_array

        return csr_array((self.data, self.indices, self.indptr), shape=self.shape)


AnyRows = Union[SparseRows, "csr_array"]
AnyInts = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each feature stands in each document; ``fields``: where each block of each document ends in it."""

    rows: SparseRows
    fields: NDArray[np.int32]


def counted(keys: AnyInts, documents: int, offsets: NDArray[np.int64]) -> Counts:
    """Count what occurs, each time a key ``row * width + column``, with columns sorted in a row.

    ``offsets``: the first column of every block, and the width. The order of ``keys`` is lost.
    """
    keys.sort()
    is_first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    unique = keys.take(starts)
    data = np.diff(starts, append=len(keys)).astype(np.float64)
    width = int(offsets[-1])
    begins = (np.arange(documents) * width).astype(keys.dtype)
    ends = (begins[:, None] + offsets[1:].astype(keys.dtype)).ravel()
    fields = np.searchsorted(unique, ends).astype(np.int32)
    indptr = np.concatenate((np.zeros(1, np.int32), fields[len(offsets) - 2 :: len(offsets) - 1]))
    columns = (unique - np.repeat(begins, np.diff(indptr))).astype(np.int32, copy=False)
    return Counts(SparseRows(data, columns, indptr, (documents, width)), fields)


def row_numbers(rows: AnyRows) -> NDArray[np.int64]:
    """Return the row of every entry."""
    return np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))


def loops_for(rows: AnyRows, *weights: NDArray[np.floating]) -> ModuleType | None:
    """Return the compiled loops, if they are there and these rows and weights are of a kind that they take."""
    kinds = {one.dtype.type for one in weights}
    alike = len(kinds) == 1 and kinds <= {np.float32, np.float64}
    usual = rows.data.dtype == np.float64 and rows.indices.dtype == rows.indptr.dtype == np.int32
    return compiled("scoring") if alike and usual and all(one.flags.c_contiguous for one in weights) else None


def lengths_of_rows(rows: AnyRows, scale: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the Euclidean length of every row scaled by column; 1 for a row without length."""
    native = loops_for(rows, scale)
    if native is not None:
        found: NDArray[np.float64] = native.norms(rows.indptr, rows.indices, rows.data, scale)
        return found
    squares = (rows.data * scale.take(rows.indices)) ** 2
    lengths = np.sqrt(np.bincount(row_numbers(rows), weights=squares, minlength=rows.shape[0]))
    return np.where(lengths > 0, lengths, 1.0)


def times(rows: AnyRows, weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the product with ``weights`` (columns, outputs), in their precision.

    >>> rows = SparseRows(np.ones(2), np.array([0, 2], np.int32), np.array([0, 2, 2], np.int32), (2, 3))
    >>> times(rows, np.array([[1.0], [2.0], [3.0]]))
    array([[4.],
           [0.]])
    """
    height, width = rows.shape
    if weights.shape[0] != width:
        raise ValueError(f"rows of {width} columns meet weights of {weights.shape[0]}")
    product = np.zeros((height, weights.shape[1]), weights.dtype)
    # in the weights' own precision, so that they need not be copied to the wider one for every batch
    data = rows.data.astype(weights.dtype)
    flat = np.ascontiguousarray(weights).ravel()
    loop = _inner_loops().csr_matvecs
    loop(height, width, weights.shape[1], rows.indptr, rows.indices, data, flat, product.ravel())
    return product


def turned_times(rows: SparseRows, values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the product of the rows, turned, with ``values`` (rows, outputs), in the precision of both.

    >>> rows = SparseRows(np.ones(3), np.array([1, 0, 1], np.int32), np.arange(4, dtype=np.int32), (3, 2))
    >>> turned_times(rows, np.array([[1.0], [2.0], [4.0]]))
    array([[2.],
           [5.]])
    """
    height, width = rows.shape
    product = np.zeros((width, values.shape[1]), np.result_type(rows.data, values))
    flat = np.ascontiguousarray(values, product.dtype).ravel()
    data = rows.data.astype(product.dtype, copy=False)
    loop = _inner_loops().csc_matvecs
    loop(width, height, values.shape[1], rows.indptr, rows.indices, data, flat, product.ravel())
    return product


def turned(rows: SparseRows) -> SparseRows:
    """Return the same entries with columns for rows, those of a column in the order of the rows.

    >>> turned(SparseRows(np.ones(3), np.array([1, 0, 1], np.int32), np.array([0, 2, 3], np.int32), (2, 2))).indices
    array([0, 0, 1], dtype=int32)
    """
    height, width = rows.shape
    starts, entries = np.empty(width + 1, rows.indptr.dtype), np.empty_like(rows.indices)
    data = np.empty_like(rows.data)
    _inner_loops().csr_tocsc(height, width, rows.indptr, rows.indices, rows.data, starts, entries, data)
    return SparseRows(data, entries, starts, (width, height))


@cache
def _inner_loops() -> ModuleType:
    """Return scipy's loops over such rows, if possible without the rest of scipy."""
    package = find_spec("scipy")
    places = [str(Path(place, "sparse")) for place in (package and package.submodule_search_locations) or ()]
    spec = PathFinder.find_spec("scipy.sparse._sparsetools", places)
    try:
        if spec is None or spec.loader is None:
            raise ImportError
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError:
        module = import_module("scipy.sparse._sparsetools")
    return module
