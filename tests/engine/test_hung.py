"""A worker that hangs: it is ended, who asked is told so, and everybody else is answered."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.engine.ask import there
from demo.engine.workers import Workers
from demo.records import Problem
from demo.text import LANGUAGES, text
from tests import asked
from tests.apart import behind
from tests.processes import gone, until
from tests.stepped import walked

KEY = "mini_resnet"
SILENT = 3.0
"""Seconds: none of the functions that are asked here takes a tenth of one, but to hang."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with behind(Workers(1, threads=1, silent=SILENT)) as made:
        yield made


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    return tmp_path / "begun"


def told(question: Callable[[], Any]) -> None:
    """It hangs, and is said to."""
    with pytest.raises(Problem) as caught:
        question()
    assert caught.value.key == "problem.worker_hung"
    for language in LANGUAGES:
        assert text(language)(caught.value.key, **caught.value.values)


def test_it_is_ended_once_and_nobody_else_is_harmed(workers: Workers, begun: Path) -> None:
    steps = there(KEY, asked.counted)
    assert next(steps) == 0
    answers: list[int] = []

    def waits() -> None:
        until(begun.exists)
        answers.append(there(KEY, os.getpid))

    other = threading.Thread(target=waits)
    other.start()
    told(lambda: there(KEY, asked.hangs, str(begun)))
    other.join()
    (number,) = map(int, begun.read_text("utf-8").split())
    assert gone(number)
    assert answers == [workers.home(KEY).process.pid]
    assert answers != [number]
    assert [*steps] == [1, 2]


def test_between_two_steps_what_came_before_is_given(workers: Workers, begun: Path) -> None:
    given: list[int] = []

    def steps() -> Generator[int, None, None]:
        for step in there(KEY, asked.hangs_between, str(begun)):
            given.append(step)
            yield step

    told(lambda: walked(steps()))
    assert given == [0, 1]
    assert len(begun.read_text("utf-8").split()) == 1


def test_native_code_that_lets_nothing_else_run_is_ended_too(workers: Workers, begun: Path) -> None:
    told(lambda: there(KEY, asked.hangs_alone, str(begun)))
    assert gone(int(begun.read_text("utf-8")))
    assert there(KEY, os.getpid) == workers.home(KEY).process.pid


def test_one_that_says_how_far_it_is_may_take_longer(workers: Workers) -> None:
    words: list[int] = []
    number = there(KEY, asked.speaks, words.append, 5, SILENT / 4)
    assert words == [0, 1, 2, 3, 4]
    assert there(KEY, os.getpid) == number


def test_it_may_rest_and_who_hears_it_may_take_long(workers: Workers) -> None:
    number = there(KEY, asked.speaks, lambda word: time.sleep(1.3 * SILENT), 1, 0.0)
    assert there(KEY, os.getpid) == number
    time.sleep(1.3 * SILENT)
    assert there(KEY, os.getpid) == number
