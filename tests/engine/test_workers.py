"""Networks in processes of their own: the same answers, and what is told when one of them ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.engine.ask import ask, put_behind, there
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.engine.workers import RESTED, Workers
from demo.records import Photo, Problem
from demo.topics.closer.explain import Question, explaining, finished
from demo.topics.compare.card import card
from demo.topics.inception.ablation import matrix
from demo.zoo.loading import load
from tests import asked
from tests.apart import asked_at_once, behind, noisy
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
    photo, here = noisy(1), load("mini_resnet")
    answer, own = ask(scores, "mini_resnet", photo), scores(here, photo)
    assert (answer.model, answer.photo, answer.source) == ("mini_resnet", photo.key, "bundled")
    assert answer.seen == own.seen
    np.testing.assert_allclose(answer.probabilities, own.probabilities, atol=1e-4)
    layer = here.spec.layers[0].name
    found, drawn = ask(heat_map, "mini_resnet", photo, layer, 3), heat_map(here, photo, layer, 3)
    assert (found.layer, found.index) == (drawn.layer, drawn.index) == (layer, 3)
    np.testing.assert_allclose(found.values, drawn.values, atol=1e-3)
    asked_card, own_card = (ask(card, "mini_resnet", photo, 3), card(here, photo, 3))
    assert [index for index, _ in asked_card.top] == [index for index, _ in own_card.top]
    assert asked_card.labels == own_card.labels


def test_steps_travel_one_by_one_and_end_in_the_record(workers: Workers) -> None:
    photo, question = noisy(2), Question("occlusion", 4)

    def another() -> None:
        # In between, it is answered at once.
        assert ask(asked.mean, "mini_resnet", photo) == pytest.approx(photo.pixels.mean())

    told, found = walked(ask(explaining, "mini_resnet", photo, question), another)
    own = finished(explaining(load("mini_resnet"), photo, question))
    assert told == sorted(told)
    assert len(told) > 1
    np.testing.assert_allclose(found.raw, own.raw, atol=1e-4)


def test_how_far_it_is_is_told_here(workers: Workers) -> None:
    told: list[tuple[int, str]] = []
    assert ask(asked.tells, "mini_resnet", lambda *args: told.append(args)) == "told"
    assert told == [(0, "mini_resnet"), (1, "mini_resnet"), (2, "mini_resnet")]
    blocks: list[str] = []
    found = ask(matrix, "mini_googlenet", noisy(3), "zero", lambda i, of, name: blocks.append(name))
    assert blocks == list(load("mini_googlenet").spec.blocks)
    assert found.model == "mini_googlenet"


def test_whoever_hears_it_may_fail_and_the_next_answer_is_the_next_ones(workers: Workers) -> None:
    def fails(step: int, key: str) -> None:
        raise KeyError(step)

    with pytest.raises(KeyError) as caught:
        ask(asked.tells, "mini_resnet", fails)
    assert caught.value.args == (0,)
    assert ask(asked.mean, "mini_resnet", noisy(4)) == pytest.approx(noisy(4).pixels.mean())


def test_a_problem_there_is_the_same_problem_here(workers: Workers) -> None:
    with pytest.raises(Problem) as caught:
        ask(asked.refuses, "mini_resnet", noisy(1))
    assert caught.value.key == "problem.no_class"
    assert caught.value.values == {"model": "Mini ResNet", "index": 12, "count": 10}


def test_an_error_there_is_the_same_error_here_with_its_way(
    workers: Workers, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError, match="by nothing") as caught:
        ask(asked.fails, "mini_resnet")
    assert "in fails" in "".join(caught.value.__notes__)
    with pytest.raises(TypeError, match="pickle"):
        ask(asked.unspeakable, "mini_resnet")
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
    assert asked_at_once(20) == {
        seed: pytest.approx(noisy(seed, 16).pixels.mean()) for seed in range(20)
    }


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
from tests import asked

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
