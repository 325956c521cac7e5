"""Networks in a cluster: the answers of this process, whoever ends in the middle."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from demo.engine.ask import ask, there
from demo.engine.cluster import Cluster
from demo.records import Problem
from tests import asked, promised
from tests.apart import noisy
from tests.processes import gone, until
from tests.stepped import walked

pytestmark = pytest.mark.usefixtures("two")
KEYS = ("mini_resnet", "mini_googlenet", "mini_resnext", "mini_densenet")


def test_a_network_has_one_home_and_they_share_them() -> None:
    first: dict[str, int] = {}
    for key in KEYS:
        first[key] = ask(asked.process, key)
        # Serve tells of a new home a tenth of a second later, and nobody else when it has.
        time.sleep(1)
    for _ in range(5):
        assert {key: ask(asked.process, key) for key in KEYS} == first
    assert len(set(first.values())) == 2
    assert os.getpid() not in first.values()
    for key in KEYS:
        assert there(key, os.getpid) == first[key]
        assert key in ask(asked.networks, key)


def test_a_replica_says_what_this_process_says() -> None:
    for key in KEYS:
        promised.says_what_this_process_says(key)


def test_it_computes_on_one_thread_and_knows_nothing_of_the_page() -> None:
    assert ask(asked.threads, "mini_resnet") == 1
    assert not {"gradio", "demo.page.wiring"} & {*ask(asked.imported, "mini_resnet")}


def test_steps_travel_one_by_one_and_others_come_in_between() -> None:
    promised.steps_travel_one_by_one()


def test_a_step_comes_before_the_next_one_is_done(tmp_path: Path) -> None:
    steps = ask(asked.waits, "mini_resnet", str(tmp_path / "go"))
    assert next(steps) == "first"
    # The second is at work until this is there; another network's home may be the same.
    (tmp_path / "go").touch()
    assert walked(steps) == (["second"], "mini_resnet")


def test_steps_that_are_left_end_there(tmp_path: Path) -> None:
    steps = ask(asked.goes_on, "mini_resnet", str(tmp_path / "left"))
    assert next(steps) == 0
    steps.close()
    until((tmp_path / "left").exists)
    assert ask(asked.mean, "mini_resnet", noisy(4)) == pytest.approx(noisy(4).pixels.mean())


def test_how_far_it_is_is_told_here() -> None:
    promised.tells_how_far_it_is()


def test_whoever_hears_it_may_fail_and_the_next_answer_is_the_next_ones() -> None:
    promised.survives_who_hears_it()


def test_a_problem_or_an_error_there_is_the_same_here() -> None:
    promised.fails_as_here()


def test_a_photo_crosses_once(two: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    # Ray reads what the cluster sets for it when it is imported.
    import ray

    crossed: list[object] = []
    put = ray.put
    monkeypatch.setattr(ray, "put", lambda photo: (crossed.append(photo), put(photo))[1])
    large = noisy(5, 1024)
    for key in KEYS:
        for times in (1, 2):
            mean = ask(asked.mean, key, large, times=times)
            assert mean == pytest.approx(times * large.pixels.mean())
    assert crossed == [large]


def test_several_threads_ask_at_once_and_each_has_its_own_answer() -> None:
    promised.answers_each_its_own()


def test_killed_in_the_middle_of_its_work_it_answers_at_the_second_try(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    after = ask(asked.killed_once, "mini_resnet", str(mark))
    before = int(mark.read_text("utf-8"))
    assert after != before
    assert gone(before)


def test_killed_between_two_steps_it_goes_on_where_it_was(tmp_path: Path) -> None:
    told, _ = walked(ask(asked.killed_between, "mini_resnet", str(tmp_path / "mark")))
    assert told == [0, 1, 2, 3, 4]


def test_killed_while_it_waits_nobody_notices() -> None:
    number = ask(asked.process, "mini_resnet")
    os.kill(number, signal.SIGKILL)
    until(lambda: gone(number))
    assert ask(asked.process, "mini_resnet") != number


def test_killed_twice_it_is_told_and_costs_those_who_wait_nothing() -> None:
    answers: list[float] = []
    waiting = [
        threading.Thread(target=lambda: answers.append(ask(asked.mean, "mini_resnet", noisy(6))))
        for _ in range(3)
    ]
    with pytest.raises(Problem) as caught:
        for thread in waiting:
            thread.start()
        ask(asked.killed, "mini_resnet")
    assert caught.value.key == "problem.worker_ended"
    for thread in waiting:
        thread.join()
    assert answers == [pytest.approx(noisy(6).pixels.mean())] * 3
