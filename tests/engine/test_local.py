import gc
import os
import signal
import sys
import time

import pytest

from pipeline.engine.local import cores, early_crew, ordered_map
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
    assert len(taken) <= 16
    answers.close()


def test_a_killed_worker_is_a_plain_sentence():
    with pytest.raises(GenyinError, match=r"A worker process ended without an answer; .*--jobs 1"):
        list(ordered_map(make_killer, range(4), 2))


def test_an_error_in_a_worker_reaches_the_caller():
    with pytest.raises(GenyinError, match="item 0 is bad"):
        list(ordered_map(make_faulty, range(4), 2))


def make_nothing():
    raise GenyinError("the model is damaged")


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_making_the_work_reaches_the_caller(jobs):
    with pytest.raises(GenyinError, match="the model is damaged"), early_crew(make_nothing, jobs) as crew:
        list(crew.map(range(3)))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_an_early_crew_answers_in_order(jobs):
    with early_crew(make_double, jobs) as crew:
        assert list(crew.map(range(30))) == [(i, 2 * i) for i in range(30)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="workers are forked on Linux only")
def test_an_early_crew_works_elsewhere_even_on_a_single_item():
    with early_crew(make_slow_first, 2) as crew:
        assert [pid for _, pid in crew.map([1])] != [os.getpid()]


def test_an_early_crew_that_is_not_needed_goes_home(capfd):
    with pytest.raises(GenyinError, match="no such file"), early_crew(make_double, 2):
        raise GenyinError("no such file")
    assert gc.isenabled()
    assert capfd.readouterr().err == ""


def test_large_items_and_answers_do_not_block_each_other():
    items = ["长" * 400_000] * 12
    assert [len(answer) for _, answer in ordered_map(make_double, items, 2)] == [800_000] * 12


def test_there_is_a_core():
    assert cores() >= 1
