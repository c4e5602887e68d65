import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.text import chains
from pipeline.text.chains import chain_numbers


@pytest.mark.parametrize("few", [0, 50_000], ids=["scipy's", "own"])
@pytest.mark.parametrize(("size", "pairs"), [(1, 0), (7, 0), (30, 12), (200, 90), (200, 400)])
def test_chains_are_the_connected_components(size, pairs, few, monkeypatch):
    monkeypatch.setattr(chains, "_FEW", few)
    random = np.random.default_rng(pairs)
    left, right = random.integers(0, size, (2, pairs))
    found = chain_numbers(left, right, size)
    graph = coo_array((np.ones(pairs), (left, right)), shape=(size, size))
    expected = connected_components(graph, directed=False)[1]
    # numbered by the first of each, whichever way they were found
    assert np.unique(found, return_index=True)[1].tolist() == sorted(np.unique(found, return_index=True)[1].tolist())
    assert [found.tolist().index(one) for one in found] == [expected.tolist().index(one) for one in expected]
