"""Networks in a cluster: the answers of this process, whoever ends in the middle."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from demo.engine.ask import ask, there
from demo.engine.cluster import Cluster
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.records import Problem
from demo.topics.closer.explain import Question, explaining, finished
from demo.topics.compare.card import card
from demo.topics.inception.ablation import matrix
from demo.zoo.loading import load
from tests import asked
from tests.apart import asked_at_once, noisy
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
    photo = noisy(1)
    for key in KEYS:
        here = load(key)
        answer, own = ask(scores, key, photo), scores(here, photo)
        assert (answer.model, answer.photo, answer.source) == (key, photo.key, "bundled")
        assert answer.seen == own.seen
        np.testing.assert_allclose(answer.probabilities, own.probabilities, atol=1e-4)
        layer = here.spec.layers[0].name
        found, drawn = ask(heat_map, key, photo, layer, 3), heat_map(here, photo, layer, 3)
        assert (found.layer, found.index) == (drawn.layer, drawn.index) == (layer, 3)
        np.testing.assert_allclose(found.values, drawn.values, atol=1e-3)
        asked_card, own_card = ask(card, key, photo, 3), card(here, photo, 3)
        assert [index for index, _ in asked_card.top] == [index for index, _ in own_card.top]
        assert asked_card.labels == own_card.labels


def test_it_computes_on_one_thread_and_knows_nothing_of_the_page() -> None:
    assert ask(asked.threads, "mini_resnet") == 1
    assert not {"gradio", "demo.page.wiring"} & {*ask(asked.imported, "mini_resnet")}


def test_steps_travel_one_by_one_and_others_come_in_between() -> None:
    photo, question = noisy(2), Question("occlusion", 4)

    def another() -> None:
        assert ask(asked.mean, "mini_resnet", photo) == pytest.approx(photo.pixels.mean())

    told, found = walked(ask(explaining, "mini_resnet", photo, question), another)
    own = finished(explaining(load("mini_resnet"), photo, question))
    assert told == sorted(told)
    assert len(told) > 1
    np.testing.assert_allclose(found.raw, own.raw, atol=1e-4)


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
    told: list[tuple[int, str]] = []
    assert ask(asked.tells, "mini_resnet", lambda *args: told.append(args)) == "told"
    assert told == [(0, "mini_resnet"), (1, "mini_resnet"), (2, "mini_resnet")]
    blocks: list[str] = []
    found = ask(matrix, "mini_googlenet", noisy(3), "zero", lambda i, of, name: blocks.append(name))
    assert blocks == list(load("mini_googlenet").spec.blocks)
    assert found.model == "mini_googlenet"


def test_whoever_hears_it_may_fail_and_the_next_answer_is_the_next_ones() -> None:
    def fails(step: int, key: str) -> None:
        raise KeyError(step)

    with pytest.raises(KeyError) as caught:
        ask(asked.tells, "mini_resnet", fails)
    assert caught.value.args == (0,)
    assert ask(asked.mean, "mini_resnet", noisy(4)) == pytest.approx(noisy(4).pixels.mean())


def test_a_problem_or_an_error_there_is_the_same_here() -> None:
    with pytest.raises(Problem) as caught:
        ask(asked.refuses, "mini_resnet", noisy(1))
    assert caught.value.key == "problem.no_class"
    assert caught.value.values == {"model": "Mini ResNet", "index": 12, "count": 10}
    with pytest.raises(ZeroDivisionError, match="by nothing") as failed:
        ask(asked.fails, "mini_resnet")
    assert "in fails" in "".join(failed.value.__notes__)
    with pytest.raises(TypeError, match="pickle"):
        ask(asked.unspeakable, "mini_resnet")


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
    assert asked_at_once(20) == {
        seed: pytest.approx(noisy(seed, 16).pixels.mean()) for seed in range(20)
    }


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
