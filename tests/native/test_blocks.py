"""Work in blocks: the order of the results, and what goes wrong in one of them."""

import threading

import pytest

from pipeline.native.blocks import in_blocks


def test_results_come_in_order_although_the_first_block_ends_last():
    later = threading.Event()

    def work(begin, end):
        # one processor works off the blocks in order: nobody would wake the first
        if begin == 0:
            later.wait(0.2)
        else:
            later.set()
        return begin, end

    assert list(in_blocks(work, 7, 3)) == [(0, 3), (3, 6), (6, 7)]


@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_blocks_hold_everything_once(count):
    assert [place for block in in_blocks(range, count, 2) for place in block] == list(range(count))


def test_an_error_in_a_block_is_told():
    def work(begin, _end):
        if begin == 2:
            raise ValueError("block 2 is broken")

    with pytest.raises(ValueError, match="block 2 is broken"):
        list(in_blocks(work, 4, 1))
