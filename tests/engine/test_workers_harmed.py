"""What may go wrong between this process and a worker: nobody waits for ever, nobody is given
another's answer.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.engine.ask import Question, ask, there
from demo.engine.workers import RESTED, Worker, Workers
from demo.records import Problem
from tests import asked
from tests.apart import behind, noisy
from tests.processes import gone, until

KEY, OTHER = "mini_resnet", "mini_googlenet"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with behind(Workers(2, threads=1)) as made:
        yield made


def right(seed: int) -> None:
    """The next answer is the next one's."""
    photo = noisy(seed, 16)
    assert ask(asked.mean, KEY, photo) == pytest.approx(photo.pixels.mean())


@pytest.mark.parametrize("key", [KEY, OTHER])
def test_who_hears_how_far_it_is_cannot_ask_and_waits_for_nothing(
    workers: Workers, key: str
) -> None:
    assert workers.home(KEY) is not workers.home(OTHER)

    def asks(step: int, network: str) -> None:
        ask(asked.process, key)

    with pytest.raises(RuntimeError, match="cannot ask"):
        ask(asked.tells, KEY, asks)
    right(1)


def test_what_is_no_answer_is_not_taken_for_one(workers: Workers) -> None:
    with pytest.raises(Problem) as caught:
        ask(asked.babbles, KEY)
    assert caught.value.key == "problem.worker_ended"
    right(2)


def test_steps_that_end_badly_when_left_are_nobody_elses_failure(workers: Workers) -> None:
    number = ask(asked.process, KEY)
    left = [ask(asked.fails_when_left, KEY) for _ in range(2)]
    assert [next(steps) for steps in left] == [0, 0]
    for steps in left:
        steps.close()
    right(3)
    assert ask(asked.process, KEY) == number


def test_much_goes_both_ways(workers: Workers) -> None:
    given = os.urandom(1 << 20) * 48
    assert ask(asked.large, KEY, given) == given[::-1]


def test_what_cannot_travel_costs_nobody_else(workers: Workers) -> None:
    number = ask(asked.process, KEY)
    with pytest.raises(TypeError, match="pickle"):
        ask(asked.large, KEY, threading.Lock())  # type: ignore[arg-type]
    right(4)
    assert ask(asked.process, KEY) == number


def test_ended_from_outside_in_the_middle_it_answers_at_the_second_try(
    workers: Workers, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"

    def close() -> None:
        until(lambda: begun.exists() and bool(begun.read_text("utf-8")))
        workers.close()

    closing = threading.Thread(target=close)
    closing.start()
    number = there(KEY, asked.hangs_once, str(begun))
    closing.join()
    assert gone(int(begun.read_text("utf-8")))
    assert number == workers.home(KEY).process.pid


def test_steps_put_away_by_another_thread_end_there(workers: Workers, tmp_path: Path) -> None:
    left = tmp_path / "left"
    steps = ask(asked.counts, KEY, str(left))
    assert next(steps) == 0
    closing = threading.Thread(target=steps.close)
    closing.start()
    closing.join()
    right(5)
    assert left.exists()


def test_where_the_machine_has_no_room_for_one_it_is_said() -> None:
    # More than any system hands on to a process.
    worker = Worker(1, 0, {"FULL": "x" * (64 << 20)})
    worker.begin()
    assert worker.process is None
    with pytest.raises(Problem) as caught:
        worker.call(Question(os.getpid, KEY, False, (), {}))
    assert caught.value.key == "problem.worker_absent"


def test_one_is_started_anew_again_and_again_and_everybody_is_answered(tmp_path: Path) -> None:
    """Each has grown too much at its first answer; four ask without a pause, one in steps."""
    with behind(Workers(1, threads=1)) as grows:
        worker = grows.workers[0]
        worker._most = 0
        numbers: set[int] = set()
        answers: dict[int, list[float]] = {seed: [] for seed in range(4)}

        def asks(seed: int) -> None:
            for _ in range(RESTED):
                answers[seed].append(ask(asked.mean, KEY, noisy(seed, 16)))
                numbers.add(worker.process.pid)

        def steps() -> None:
            for _ in range(10):
                walked.append([*there(KEY, asked.counted)])

        walked: list[list[int]] = []
        tasks: list[Callable[[], None]] = [lambda seed=seed: asks(seed) for seed in answers]
        threads = [threading.Thread(target=task) for task in (*tasks, steps)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {
        seed: [pytest.approx(noisy(seed, 16).pixels.mean())] * RESTED for seed in answers
    }
    assert walked == [[0, 1, 2]] * 10
    assert len(numbers) >= 3
