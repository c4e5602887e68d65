import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from pipeline.model import sparse_rows
from pipeline.model.sparse_rows import SparseRows, row_numbers, times, turned, turned_times


@pytest.fixture
def matrix():
    return csr_array(random_array((40, 30), density=0.2, rng=np.random.default_rng(1), format="csr"))


def rows_of(matrix):
    return SparseRows(matrix.data, matrix.indices, matrix.indptr, matrix.shape)


def test_the_product_is_scipys(matrix):
    weights = np.random.default_rng(2).normal(size=(30, 5)).astype(np.float32)
    expected = csr_array(matrix, dtype=np.float32) @ weights
    assert (times(rows_of(matrix), weights) == expected).all()
    assert (times(matrix, weights) == expected).all()


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_what_is_turned_is_scipys(matrix, precision):
    values = np.random.default_rng(3).normal(size=(40, 4)).astype(precision)
    rows = rows_of(csr_array(matrix, dtype=precision))
    product = turned_times(rows, values)
    assert product.dtype == precision
    assert (product == rows.csr().T @ values).all()
    columns = turned(rows).csr()
    assert columns.shape == (30, 40)
    assert (columns != csr_array(rows.csr().T)).nnz == 0


def test_rows_are_the_same_as_a_matrix(matrix):
    rows = rows_of(matrix)
    assert (rows.csr() != matrix).nnz == 0
    assert row_numbers(rows).tolist() == matrix.tocoo().row.tolist()


def test_weights_of_another_width_are_refused(matrix):
    with pytest.raises(ValueError, match="rows of 30 columns meet weights of 29"):
        times(rows_of(matrix), np.ones((29, 2)))


def test_scipy_is_loaded_whole_where_its_loop_cannot_be_had_alone(matrix, monkeypatch):
    monkeypatch.setattr(sparse_rows.PathFinder, "find_spec", lambda *_: None)
    sparse_rows._inner_loops.cache_clear()
    try:
        assert np.allclose(times(rows_of(matrix), np.ones((30, 2))), matrix @ np.ones((30, 2)))
    finally:
        sparse_rows._inner_loops.cache_clear()


def test_the_product_does_not_load_the_rest_of_scipy():
    program = (
        "import sys, numpy as np; from pipeline.model.sparse_rows import SparseRows, times\n"
        "none = np.zeros(0, np.int32)\n"
        "times(SparseRows(np.zeros(0), none, np.zeros(2, np.int32), (1, 3)), np.ones((3, 2)))\n"
        "print('scipy.sparse' in sys.modules)\n"
        "import scipy.sparse; print(scipy.sparse.csr_array(np.eye(2)) @ np.ones((2, 1)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split("\n")[0] == "False"
    assert "[1.]" in result.stdout
