import os
import signal
import time

import pytest

from pipeline.engine.local import cores, ordered_map
from pipeline.errors import GenyinError


def make_double():
    return lambda item: item * 2


def make_slow_first():
    def work(item):
        time.sleep(0.2 if item == 0 else 0)
        return os.getpid()

    return work


def make_killer():
    return lambda item: os.kill(os.getpid(), signal.SIGKILL)


def make_faulty():
    def work(item):
        raise GenyinError(f"item {item} is bad")

    return work


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_answers_come_in_order(jobs):
    assert list(ordered_map(make_double, range(50), jobs)) == [(i, 2 * i) for i in range(50)]


def test_nothing_and_one_thing():
    assert list(ordered_map(make_double, [], 2)) == []
    assert list(ordered_map(make_double, [7], 2)) == [(7, 14)]


def test_work_is_spread_over_processes():
    workers = {pid for _, pid in ordered_map(make_slow_first, range(12), 2)}
    assert os.getpid() not in workers
    assert len(workers) == 2


def test_a_single_item_stays_in_this_process():
    assert [pid for _, pid in ordered_map(make_slow_first, [1], 4)] == [os.getpid()]


def test_few_items_wait_at_a_time():
    taken = []

    def items():
        for i in range(100):
            taken.append(i)
            yield i

    answers = ordered_map(make_double, items(), 2)
    next(answers)
    assert len(taken) <= 8
    answers.close()


def test_a_killed_worker_is_a_plain_sentence():
    with pytest.raises(GenyinError, match=r"A worker process ended without an answer; .*--jobs 1"):
        list(ordered_map(make_killer, range(4), 2))


def test_an_error_in_a_worker_reaches_the_caller():
    with pytest.raises(GenyinError, match="item 0 is bad"):
        list(ordered_map(make_faulty, range(4), 2))


def test_there_is_a_core():
    assert cores() >= 1
