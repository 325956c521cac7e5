"""Networks in processes of their own: the same answers, and what is told when one of them ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.engine.ask import ask, put_behind, there
from demo.engine.workers import RESTED, Workers
from demo.records import Photo, Problem
from tests import asked, promised
from tests.apart import behind, noisy
from tests.processes import gone, until
from tests.serving import ROOT
from tests.stepped import walked


@pytest.fixture(scope="module")
def made() -> Iterator[Workers]:
    workers = Workers(2, threads=1)
    yield workers
    workers.close()


@pytest.fixture
def workers(made: Workers) -> Iterator[Workers]:
    before = put_behind(made)
    yield made
    put_behind(before)


def test_a_worker_says_what_this_process_says(workers: Workers) -> None:
    promised.says_what_this_process_says("mini_resnet")


def test_steps_travel_one_by_one_and_end_in_the_record(workers: Workers) -> None:
    promised.steps_travel_one_by_one()


def test_how_far_it_is_is_told_here(workers: Workers) -> None:
    promised.tells_how_far_it_is()


def test_whoever_hears_it_may_fail_and_the_next_answer_is_the_next_ones(workers: Workers) -> None:
    promised.survives_who_hears_it()


def test_a_problem_or_an_error_there_is_the_same_here(workers: Workers) -> None:
    promised.fails_as_here()
    assert ask(asked.process, "mini_resnet") == workers.home("mini_resnet").process.pid


def test_each_network_is_at_home_in_one_and_they_share_them(workers: Workers) -> None:
    keys = ("mini_resnet", "mini_googlenet", "mini_resnext", "mini_densenet")
    first = {key: ask(asked.process, key) for key in keys}
    assert {key: ask(asked.process, key) for key in keys} == first
    counts = [list(first.values()).count(number) for number in set(first.values())]
    assert counts == [2, 2]
    assert os.getpid() not in first.values()
    for number in set(first.values()):
        mine = sorted(key for key in keys if first[key] == number)
        assert ask(asked.networks, mine[0]) == mine


def test_it_computes_on_its_threads_and_knows_nothing_of_the_page(workers: Workers) -> None:
    assert ask(asked.threads, "mini_resnet") == 1
    assert ask(asked.imported, "mini_resnet") == []


def test_a_photo_crosses_once_and_again_where_it_was_dropped(workers: Workers) -> None:
    home = workers.home("mini_resnet")
    large = noisy(5, 1024)  # 3 MB
    # Its graph reads libraries, which would be counted too.
    ask(asked.settled, "mini_resnet")

    def crossing(photo: Photo, times: int) -> int:
        """Bytes that the worker has read since."""
        before = read(home.process.pid)
        assert ask(asked.mean, "mini_resnet", photo, times=times) == pytest.approx(
            times * photo.pixels.mean()
        )
        return read(home.process.pid) - before

    def read(number: int) -> int:
        rows = Path(f"/proc/{number}/io").read_text("utf-8").splitlines()
        return int(rows[0].removeprefix("rchar: "))

    sent = [crossing(large, times) for times in (1, 2)]
    assert sent[0] > large.pixels.nbytes > 100 * sent[1]
    for seed in range(25):
        crossing(noisy(100 + seed, 1024), 1)
    # 75 MB of others: the first one has gone there.
    assert crossing(large, 3) > large.pixels.nbytes


def test_killed_in_the_middle_of_its_work_it_answers_at_the_second_try(
    workers: Workers, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before, other = ask(asked.process, "mini_resnet"), ask(asked.process, "mini_googlenet")
    after = ask(asked.killed_once, "mini_resnet", str(tmp_path / "mark"))
    assert after not in (before, other)
    assert gone(before)
    assert ask(asked.process, "mini_resnet") == after
    assert ask(asked.process, "mini_googlenet") == other
    assert "a worker ended in the middle of its work" in caplog.text


def test_killed_between_two_steps_it_goes_on_where_it_was(workers: Workers, tmp_path: Path) -> None:
    before = ask(asked.process, "mini_resnet")
    told, after = walked(ask(asked.killed_between, "mini_resnet", str(tmp_path / "mark")))
    assert told == [0, 1, 2, 3, 4]
    assert after != before


def test_another_ones_death_costs_those_with_steps_nothing(
    workers: Workers, tmp_path: Path
) -> None:
    steps = ask(asked.counts, "mini_resnet", str(tmp_path / "left"))
    assert next(steps) == 0
    with pytest.raises(Problem) as caught:
        ask(asked.killed, "mini_resnet")
    assert caught.value.key == "problem.worker_ended"
    assert [*steps] == [1, 2]


def test_killed_while_it_waits_nobody_notices(workers: Workers) -> None:
    home = workers.home("mini_resnet")
    number = ask(asked.process, "mini_resnet")
    os.kill(number, signal.SIGKILL)
    until(lambda: gone(number))
    assert ask(asked.process, "mini_resnet") == home.process.pid != number


def test_steps_that_are_left_end_there(workers: Workers, tmp_path: Path) -> None:
    steps = ask(asked.counts, "mini_resnet", str(tmp_path / "left"))
    assert next(steps) == 0
    steps.close()
    # With the next question, whosever it is.
    ask(asked.process, "mini_resnet")
    assert (tmp_path / "left").exists()


def test_several_threads_ask_at_once_and_each_has_its_own_answer(workers: Workers) -> None:
    promised.answers_each_its_own()


def test_one_that_has_grown_is_started_anew_when_nothing_is_under_way(tmp_path: Path) -> None:
    workers = Workers(1, threads=1)
    worker = workers.workers[0]
    with behind(workers):
        number = ask(asked.takes, "mini_resnet", 300)
        worker._most = worker._held - (100 << 20)
        steps = ask(asked.counts, "mini_resnet", str(tmp_path / "left"))
        assert next(steps) == 0
        for _ in range(RESTED):
            assert ask(asked.process, "mini_resnet") == number
        steps.close()
        assert ask(asked.process, "mini_resnet") != number
        assert gone(number)


ALONE = """
import sys
from demo.engine.ask import put_behind, there
from demo.engine.workers import Workers
from tests import asked, promised

put_behind(Workers(1, threads=1, silent=5.0))
there("mini_resnet", getattr(asked, sys.argv[1]), sys.argv[2])
"""


@pytest.mark.parametrize("work", ["hangs", "hangs_alone"])
def test_it_ends_with_its_parent_in_the_middle_of_its_work(tmp_path: Path, work: str) -> None:
    """Native code that lets nothing else run is ended by the system, somewhat later."""
    begun = tmp_path / "begun"
    parent = subprocess.Popen([sys.executable, "-c", ALONE, work, str(begun)], cwd=ROOT)
    try:
        until(lambda: begun.exists() and begun.read_text("utf-8").endswith("\n"))
        number = int(begun.read_text("utf-8"))
    finally:
        parent.kill()
        parent.wait()
    until(lambda: gone(number))


def test_what_loads_no_network_is_asked_where_one_is(workers: Workers) -> None:
    home: Any = workers.home("mini_densenet")
    assert there("mini_densenet", os.getpid) == home.process.pid
