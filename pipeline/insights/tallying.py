"""Counting complaints and distinct customers by any columns, all at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.insights.cases import Cases


def customer_numbers(cases: Cases) -> NDArray[np.int64]:
    """A number per complaint that tells customers apart; a complaint of unknown customer is a customer of its own."""
    codes = codes_of(cases.frame["customer"])
    apart = len(cases.frame["customer"].cat.categories) + np.arange(len(codes))
    return np.where(codes < 0, apart, codes)


def codes_of(column: pd.Series) -> NDArray[np.int64]:
    """The codes of a categorical column, -1 where the cell is empty.

    >>> codes_of(pd.Series(["b", "", "a"], dtype="category")).tolist()
    [2, -1, 1]
    """
    codes = column.cat.codes.to_numpy().astype(np.int64)
    categories = column.cat.categories
    empty = np.flatnonzero(np.asarray(categories, dtype=object) == "")
    return np.where(codes == empty[0], -1, codes) if len(empty) else codes


def tally(cases: Cases, keys: Mapping[str, Any], rows: NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """Count complaints and distinct customers for every combination of ``keys`` (name: one value per complaint).

    ``rows`` chooses the complaints that count. The table has the keys, ``complaints`` and ``customers``; largest
    first, equals in the order of their keys.
    """
    table = pd.DataFrame({**keys, "_customer": customer_numbers(cases)})
    return tally_table(table if rows is None else table[rows], tuple(keys))


def tally_table(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The same for a table that has its customers in ``_customer``, one row per complaint and key."""
    names = list(keys)
    complaints = table.groupby(names, observed=True, sort=True).size()
    distinct = table.drop_duplicates([*names, "_customer"]).groupby(names, observed=True, sort=True).size()
    counted = pd.DataFrame({"complaints": complaints, "customers": distinct}).reset_index()
    for name in names:
        if isinstance(counted[name].dtype, pd.CategoricalDtype):
            counted[name] = counted[name].astype(object)
    return counted.sort_values(["complaints", *names], ascending=[False, *([True] * len(names))], ignore_index=True)


def further_orders(cases: Cases) -> NDArray[np.bool_]:
    """Whether a row is a further order of a complaint that stands there already: the same id and customer."""
    ids = cases.frame["id"].to_numpy(dtype=object)
    again = pd.DataFrame({"id": ids, "customer": codes_of(cases.frame["customer"])}).duplicated().to_numpy()
    return again & (ids != "")


def mapped(column: pd.Series, meaning: Mapping[str, Any], default: Any) -> NDArray[Any]:
    """Look up every cell of a categorical column, by way of its few categories; ``default`` for what is not there.

    >>> mapped(pd.Series(["a", "b", "a"], dtype="category"), {"a": 1}, 0).tolist()
    [1, 0, 1]
    """
    # a last entry for cells that are NaN, whose code is -1
    found = np.array([*(meaning.get(name, default) for name in column.cat.categories), default])
    return found[column.cat.codes.to_numpy()]


def lines(table: pd.DataFrame, *, index: bool = False) -> Iterator[Any]:
    """The rows of a small table as named tuples."""
    return iter(table.itertuples(index=index))
