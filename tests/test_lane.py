"""The lane: one after another on lasting threads, fair to addresses and sessions, bounded."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, wait
from contextlib import ExitStack, contextmanager

import pytest

from demo.lane import Bounds, Lane, Visitor
from demo.records import Problem

MANY = Bounds(100, 100, 100)


@contextmanager
def blocked(lane: Lane, count: int = 1) -> Iterator[None]:
    """While open, its threads wait; what is submitted stands in line."""
    gate, entered = threading.Event(), threading.Barrier(count + 1)

    def hold() -> None:
        entered.wait()
        gate.wait()

    for number in range(count):
        lane.submit(Visitor(f"gate {number}", ""), hold)
    entered.wait()
    try:
        yield
    finally:
        gate.set()


def order(lane: Lane, submitted: str, patient: str = "") -> str:
    """Letters of "A1 A1 B1 ..." (address, session) in the order in which they ran."""
    ran: list[str] = []
    futures = []
    with blocked(lane):
        for line, last in ((submitted, False), (patient, True)):
            for name in line.split():
                visitor = Visitor(name[0], name[1])

                def run(name: str = name) -> None:
                    ran.append(name)

                futures.append(lane.submit(visitor, run, patient=last))
    wait(futures)
    return " ".join(ran)


@pytest.mark.parametrize(
    ("submitted", "ran"),
    [
        ("A1 A1 A1", "A1 A1 A1"),
        # One person's many wait behind another's one.
        ("A1 A1 A1 A1 B1", "A1 B1 A1 A1 A1"),
        ("A1 A1 A1 B1 B1 C1", "A1 B1 C1 A1 B1 A1"),
        # Sessions of one address take turns, too ...
        ("A1 A1 A2 A3", "A1 A2 A3 A1"),
        # ... but inventing sessions gains nothing against another address.
        ("A1 A2 A3 A4 B1 B1", "A1 B1 A2 B1 A3 A4"),
    ],
)
def test_the_order_is_fair(submitted: str, ran: str) -> None:
    assert order(Lane("lane", 1, MANY), submitted) == ran


def test_who_is_patient_waits_for_everybody_else() -> None:
    lane = Lane("lane", 1, MANY)
    assert order(lane, "A1 A1 B1", patient="C1 A2") == "A1 B1 A1 C1 A2"


def test_who_comes_later_stands_before_a_patient_one() -> None:
    lane, ran = Lane("lane", 1, MANY), []
    with blocked(lane):
        first = lane.submit(Visitor("A", "1"), lambda: ran.append("patient"), patient=True)
        lane.submit(Visitor("B", "1"), lambda: ran.append("later"))
    first.result()
    assert ran == ["later", "patient"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_threads_last(count: int) -> None:
    lane = Lane(f"few{count}", count, MANY)
    seen = {
        lane.submit(Visitor("A", str(number)), threading.current_thread).result().name
        for number in range(30)
    }
    assert seen <= {f"few{count}-{number + 1}" for number in range(count)}
    assert sum(one.name.startswith(f"few{count}-") for one in threading.enumerate()) == count


def test_a_visitor_has_one_task_at_a_time_however_many_threads() -> None:
    lane, ran = Lane("lane", 4, MANY), []
    started, gate = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        gate.wait()
        ran.append("first")

    first = lane.submit(Visitor("A", "1"), slow)
    second = lane.submit(Visitor("A", "1"), lambda: ran.append("second"))
    started.wait()
    lane.submit(Visitor("A", "2"), lambda: ran.append("other")).result()
    assert not second.done()
    gate.set()
    wait([first, second])
    assert ran == ["other", "first", "second"]


def test_an_address_never_holds_all_threads() -> None:
    lane = Lane("lane", 2, MANY, share=1)
    started, gate = threading.Event(), threading.Event()
    lane.submit(Visitor("A", "1"), lambda: (started.set(), gate.wait()))
    started.wait()
    waiting = lane.submit(Visitor("A", "2"), lambda: "A2")
    assert lane.submit(Visitor("B", "1"), lambda: "B1").result() == "B1"
    assert not waiting.done()
    gate.set()
    assert waiting.result() == "A2"


def test_an_error_reaches_who_asked_and_nobody_else() -> None:
    lane = Lane("lane", 1, MANY)

    def fail() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        lane.submit(Visitor("A", "1"), fail).result()
    assert lane.submit(Visitor("A", "1"), lambda: "goes on").result() == "goes on"


@pytest.mark.parametrize("how", ["left", "cancelled"])
def test_what_nobody_waits_for_does_not_run(how: str) -> None:
    lane, ran = Lane("lane", 1, MANY), []
    here = threading.Event()
    here.set()
    with blocked(lane):
        gone = [
            lane.submit(Visitor("A", "1"), lambda: ran.append("gone"), wanted=here.is_set)
            for _ in range(3)
        ]
        stays = lane.submit(Visitor("B", "1"), lambda: ran.append("stays"))
        if how == "left":
            here.clear()
        else:
            assert all(one.cancel() for one in gone)
    stays.result()
    for one in gone:
        with pytest.raises(CancelledError):
            one.result()
    assert ran == ["stays"]


def refused(lane: Lane, visitor: Visitor) -> tuple[str, dict[str, object]]:
    with pytest.raises(Problem) as caught, lane.place(visitor):
        pass
    return caught.value.key, caught.value.values


def test_places_are_bounded_by_session_by_address_and_in_all() -> None:
    lane = Lane("lane", 1, Bounds(session=2, address=3, total=4))
    with ExitStack() as open_places:

        def enter(name: str) -> None:
            open_places.enter_context(lane.place(Visitor(name[0], name[1])))

        enter("A1")
        enter("A1")
        assert refused(lane, Visitor("A", "1")) == ("lane.yours", {"count": 2})
        enter("A2")
        assert refused(lane, Visitor("A", "3")) == ("lane.busy", {})
        enter("B1")
        assert refused(lane, Visitor("C", "1")) == ("lane.busy", {})
    # All are free again, and nothing is kept of who was here.
    with lane.place(Visitor("C", "1")):
        assert lane._places == {Visitor("C", "1"): 1}
    assert lane._places == {}


def test_nothing_is_kept_of_a_task_that_is_done() -> None:
    lane = Lane("lane", 1, MANY)

    class Heavy:
        pass

    gone = threading.Event()

    def work(held: Heavy | None) -> Callable[[], None]:
        return lambda: held and None

    heavy = Heavy()
    weakref.finalize(heavy, gone.set)
    future = lane.submit(Visitor("A", "1"), work(heavy))
    del heavy
    future.result()
    del future
    assert gone.wait(10)
    assert not lane._busy
    assert not lane._held


def test_who_waits_can_be_told_how_many_go_first() -> None:
    lane, done = Lane("test", 1, MANY), []
    with blocked(lane):
        names = ["A1", "A1", "A1", "B1", "A2", "B1"]
        futures = [
            lane.submit(Visitor(name[0], name[1]), lambda name=name: done.append(name))
            for name in names
        ]
        last = lane.submit(Visitor("C", "1"), lambda: done.append("C1"), patient=True)
        # One runs; then A1, B1, A2, B1, A1, A1, and who is patient.
        assert [lane.ahead(one) for one in futures] == [1, 5, 6, 2, 3, 4]
        assert lane.ahead(last) == 7
    wait([*futures, last])
    assert done == ["A1", "B1", "A2", "B1", "A1", "A1", "C1"]
    assert [lane.ahead(one) for one in [*futures, last]] == [0] * 7
