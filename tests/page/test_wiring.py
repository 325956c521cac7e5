"""Handlers on their way: one line for networks, steps between which others go, faces of errors."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr
import pytest
from gradio.context import LocalContext

from demo.lane import Bounds, Lane, Turn, Visitor
from demo.page.question import Newest, Question
from demo.page.wiring import HANDS, Opener, guarded, held, lacking
from demo.records import Problem
from demo.text import text
from demo.zoo.catalogue import spec

MANY = Bounds(100, 100, 100)


class Asking:
    """A request as gradio hands it on: whose session, from where."""

    def __init__(self, session: str, host: str = "192.0.2.1", forwarded: str = "") -> None:
        self.client = type("Client", (), {"host": host})()
        self.session_hash = session
        self.headers = {"x-forwarded-for": forwarded} if forwarded else {}


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What it gives, in a thread of its own: the browser of other tests has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def asked(session: str, call: Callable[[], Coroutine[Any, Any, Any]]) -> asyncio.Task[Any]:
    """The coroutine under way in a context of its own, as gradio starts it."""

    async def within() -> Any:
        LocalContext.request.set(Asking(session))  # type: ignore[arg-type]
        return await call()

    return asyncio.create_task(within())


async def collected(stream: AsyncIterator[Any]) -> list[Any]:
    return [value async for value in stream]


def here() -> str:
    return threading.current_thread().name


def test_a_handler_runs_on_its_lane_and_what_is_opened_does_not() -> None:
    lane = Lane("nets", 1, MANY)
    seen: list[str] = []

    def opener(token: str) -> str:
        seen.append(here())
        return f"photo of {token}"

    def handler(event: str, photo: str, *, more: int = 0) -> str:
        seen.append(here())
        return f"{event}, {photo}, {more}"

    call = guarded(handler, text("en"), lane, openers={"photo": Opener(opener)})
    assert finished(call("click", "token", more=3)) == "click, photo of token, 3"
    assert seen[0].startswith("photos-")
    assert seen[1] == "nets-1"


def test_while_handlers_wait_no_thread_is_held() -> None:
    lane = Lane("nets", 1, Bounds(1_000, 1_000, 1_000))
    gate = threading.Event()
    call = guarded(lambda number: gate.wait() and number, text("en"), lane)

    async def all_together() -> list[int]:
        before = threading.active_count()
        tasks = [asked(f"s{n}", lambda n=n: call(n)) for n in range(300)]
        while len(lane._places) < 300:
            await asyncio.sleep(0)
        assert threading.active_count() <= before + 1
        gate.set()
        return await asyncio.gather(*tasks)

    assert finished(all_together()) == list(range(300))


def test_between_two_steps_of_one_visitor_another_has_a_turn() -> None:
    lane = Lane("nets", 1, MANY)
    ran: list[str] = []
    gate = threading.Event()

    def grid() -> Iterator[Any]:
        for cell in range(3):
            ran.append(f"cell {cell}")
            if cell == 0:
                gate.wait()
            yield Turn.NETWORK if cell < 2 else "done"

    def one() -> str:
        ran.append("one")
        return "answer"

    async def both() -> tuple[list[Any], str]:
        slow, quick = guarded(grid, text("en"), lane), guarded(one, text("en"), lane)
        first = asked("a", lambda: collected(slow()))
        while not ran:
            await asyncio.sleep(0)
        second = asked("b", quick)
        while len(lane._places) < 2:
            await asyncio.sleep(0)
        gate.set()
        return await first, await second

    assert finished(both()) == (["done"], "answer")
    assert ran == ["cell 0", "one", "cell 1", "cell 2"]


def test_steps_that_need_no_network_run_outside() -> None:
    lane = Lane("nets", 1, MANY)
    ran: list[str] = []

    def grid() -> Iterator[Any]:
        ran.append(here())
        yield Turn.OUTSIDE
        ran.append(here())
        yield "row"
        ran.append(here())
        yield Turn.PHOTO
        ran.append(here())
        yield Turn.NETWORK
        ran.append(here())

    assert finished(collected(guarded(grid, text("en"), lane)())) == ["row"]
    assert [name.split("-")[0] for name in ran] == ["nets", "hands", "hands", "photos", "nets"]


def test_of_an_endpoint_in_steps_the_last_value_counts() -> None:
    def steps() -> Iterator[Any]:
        yield Turn.NETWORK
        yield {"half": 1}
        yield {"whole": 2}

    call = guarded(lambda: steps(), text("en"))
    assert finished(call()) == {"whole": 2}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("kind", ["call", "stream", "opener"])
def test_every_failure_has_a_face(lang: str, kind: str) -> None:
    def fail(photo: Any = None) -> Any:
        raise Problem("problem.photo_empty")

    def stream() -> Iterator[Any]:
        yield "first"
        fail()

    async def run() -> Any:
        if kind == "stream":
            return await collected(guarded(stream, text(lang))())
        if kind == "opener":
            return await guarded(lambda photo: photo, text(lang), openers={"photo": Opener(fail)})(
                "x"
            )
        return await guarded(fail, text(lang))()

    with pytest.raises(gr.Error) as caught:
        finished(run())
    assert caught.value.message == text(lang)("problem.photo_empty")
    assert caught.value.title == text(lang)("page.problem")
    assert not caught.value.print_exception


def test_what_we_did_not_expect_says_no_more_than_that() -> None:
    def fail() -> None:
        raise ValueError("/secret/path")

    with pytest.raises(gr.Error) as caught:
        finished(guarded(fail, text("en"))())
    assert caught.value.message == text("en")("page.unexpected")


def test_who_asks_too_much_is_told_so_and_others_go_on() -> None:
    lane = Lane("nets", 1, Bounds(session=2, address=9, total=9))
    gate = threading.Event()
    call = guarded(lambda: gate.wait(), text("en"), lane)

    async def run() -> list[Any]:
        tasks = [asked("a", call) for _ in range(4)]
        while len(tasks) - sum(one.done() for one in tasks) > 2:
            await asyncio.sleep(0)
        other = asked("b", call)
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*tasks, other, return_exceptions=True)

    *mine, other = finished(run())
    assert [str(one) if isinstance(one, gr.Error) else one for one in mine] == [
        True,
        True,
        *[str(gr.Error(text("en")("lane.yours", count=2)))] * 2,
    ]
    assert other is True
    assert lane._places == {}


def test_a_cancelled_stream_is_closed_on_its_lane_and_frees_its_place() -> None:
    lane = Lane("nets", 1, MANY)
    entered, gate, closed = threading.Event(), threading.Event(), threading.Event()
    where: list[str] = []

    def grid() -> Iterator[Any]:
        try:
            yield "first"
            entered.set()
            gate.wait()
            yield "second"
        finally:
            where.append(here())
            closed.set()

    async def run() -> None:
        task = asked("a", lambda: collected(guarded(grid, text("en"), lane)()))
        while not entered.is_set():
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert lane._places == {}
        # A step that has begun is not torn out of a network's hands.
        assert not closed.is_set()
        gate.set()

    finished(run())
    assert closed.wait(10)
    assert where == ["nets-1"]


def test_only_the_newest_answer_counts_where_that_is_asked_for() -> None:
    gate = threading.Event()
    call = guarded(lambda value: gate.wait() and value, text("en"), newest=[gr.skip()])

    async def run() -> list[Any]:
        # The same visitor asks twice, another once.
        tasks = [asked(session, lambda n=n: call(n)) for n, session in enumerate(("a", "a", "b"))]
        while len(HANDS._places) < 2:
            await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*tasks)

    assert finished(run()) == [[gr.skip()], 1, 2]


def test_an_older_question_that_comes_later_is_outdated() -> None:
    newest = Newest()
    first, second = Question(), Question()
    first.visitor = second.visitor = Visitor("a", "1")
    newest.note(second)
    newest.note(first)
    assert newest.outdated(first)
    assert not newest.outdated(second)


def test_turns_pass_through_what_repeats_values() -> None:
    steps = iter([Turn.NETWORK, ["a", "b"], Turn.OUTSIDE, [gr.skip(), "c"]])
    assert list(held(steps)) == [Turn.NETWORK, ["a", "b"], Turn.OUTSIDE, ["a", "c"]]


def test_another_network_is_offered_only_where_it_would_help() -> None:
    words, other = text("en"), spec("mini_resnet")
    absent = lacking(Problem("problem.no_weights", model="ResNet-50"), words, other)
    assert 'data-use-network="mini_resnet"' in absent
    assert "What needs no weights is shown all the same." in absent
    full = lacking(Problem("train.problem.yours", count=2), words, other)
    assert "You already have 2 trainings under way" in full
    assert "data-use-network" not in full
    assert "weights" not in full
