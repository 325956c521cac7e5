"""Where work runs: on a few threads that last, in an order that is fair to everybody.

Threads that come and go leave their allocators' memory behind, and a queue that answers first who
asked first lets one person's sixteen photos stand in front of everybody else's one.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from demo.records import Problem

Work = Callable[[], Any]


class Visitor(NamedTuple):
    """Who asks: the address that a question came from, and one page or client there."""

    address: str
    session: str


class Turn(Enum):
    """What a handler that works in steps yields between two of them, when it has nothing to show.

    NETWORK: others may go first; what follows runs a network. PHOTO: what follows reads a photo.
    OUTSIDE: it needs neither.
    """

    NETWORK = "network"
    PHOTO = "photo"
    OUTSIDE = "outside"


class Bounds(NamedTuple):
    """How many questions may be on their way at once: of one session, one address, in all."""

    session: int
    address: int
    total: int


def _always() -> bool:
    return True


@dataclass(eq=False)
class _Task:
    """wanted: whether somebody still waits for it; asked when its turn has come."""

    visitor: Visitor
    work: Work
    wanted: Callable[[], bool] = _always
    future: Future[Any] = field(default_factory=Future)

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.work()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Line:
    """Who is next: the addresses take turns, within each its sessions, each in its own order."""

    def __init__(self) -> None:
        self._addresses: OrderedDict[str, OrderedDict[str, deque[_Task]]] = OrderedDict()

    def add(self, task: _Task) -> None:
        """At the end of its visitor's own tasks."""
        sessions = self._addresses.setdefault(task.visitor.address, OrderedDict())
        sessions.setdefault(task.visitor.session, deque()).append(task)

    def take(self, free: Callable[[Visitor], bool]) -> _Task | None:
        """The next task of a visitor who is free; None where there is none.

        Tasks that nobody waits for any more are cancelled on the way; they cost no turn.
        """
        for address, sessions in list(self._addresses.items()):
            for session, tasks in list(sessions.items()):
                if not free(Visitor(address, session)):
                    continue
                task = _first_wanted(tasks)
                if task is not None:
                    sessions.move_to_end(session)
                    self._addresses.move_to_end(address)
                if not tasks:
                    del sessions[session]
                    if not sessions:
                        del self._addresses[address]
                if task is not None:
                    return task
        return None

    def count(self) -> int:
        """Tasks in it."""
        return sum(len(tasks) for one in self._addresses.values() for tasks in one.values())

    def before(self, future: Future[Any]) -> int | None:
        """Tasks that are taken before that one as the line stands; None where it is not in it."""
        line = deque(
            deque(deque(tasks) for tasks in sessions.values())
            for sessions in self._addresses.values()
        )
        count = 0
        while line:
            sessions = line.popleft()
            tasks = sessions.popleft()
            if tasks.popleft().future is future:
                return count
            count += 1
            if tasks:
                sessions.append(tasks)
            if sessions:
                line.append(sessions)
        return None


def _first_wanted(tasks: deque[_Task]) -> _Task | None:
    while tasks:
        task = tasks.popleft()
        if task.wanted() and not task.future.cancelled():
            return task
        task.future.cancel()
    return None


class Lane:
    """Some lasting threads and the line in front of them.

    A visitor has one task at a time on a lane, so that answers come in the order of the questions.

    Args:
        threads: started with the first task.
        share: how many of them one address may hold at once; 0 is all.
        bounds: of what `place` lets in.
    """

    def __init__(self, name: str, threads: int, bounds: Bounds, share: int = 0) -> None:
        self.name = name
        self._bounds = bounds
        self._count = threads
        self._share = share or threads
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        # Of the second line only where nobody of the first can go on.
        self._lines = (Line(), Line())
        self._busy: set[Visitor] = set()
        self._held: Counter[str] = Counter()
        self._places: Counter[Visitor] = Counter()

    @contextmanager
    def place(self, visitor: Visitor) -> Iterator[None]:
        """While open, the visitor has one question more on its way.

        Raises:
            Problem: "lane.yours" or "lane.busy" if there are too many already.
        """
        with self._changed:
            mine = self._places[visitor]
            near = sum(n for other, n in self._places.items() if other.address == visitor.address)
            if mine >= self._bounds.session:
                raise Problem("lane.yours", count=mine)
            if near >= self._bounds.address or self._places.total() >= self._bounds.total:
                raise Problem("lane.busy")
            self._places[visitor] += 1
        try:
            yield
        finally:
            with self._changed:
                _one_less(self._places, visitor)

    def submit(
        self,
        visitor: Visitor,
        work: Work,
        wanted: Callable[[], bool] = _always,
        patient: bool = False,
    ) -> Future[Any]:
        """Run the work when the visitor's turn has come.

        Args:
            wanted: asked when the turn has come; False cancels the work.
            patient: whether it waits until nobody has anything else to do here.
        """
        task = _Task(visitor, work, wanted)
        with self._changed:
            self._lines[patient].add(task)
            if not self._threads:
                self._start()
            self._changed.notify()
        return task.future

    def ahead(self, future: Future[Any]) -> int:
        """Tasks that go before the one that `submit` gave this for, those that run now among them;
        0 once it has begun.
        """
        with self._changed:
            count = len(self._busy)
            for line in self._lines:
                before = line.before(future)
                if before is not None:
                    return count + before
                count += line.count()
            return 0

    def _start(self) -> None:
        for number in range(self._count):
            thread = threading.Thread(
                target=self._serve, name=f"{self.name}-{number + 1}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self) -> None:
        while True:
            with self._changed:
                while (task := self._next()) is None:
                    self._changed.wait()
            task.run()
            with self._changed:
                self._busy.remove(task.visitor)
                _one_less(self._held, task.visitor.address)
                # Another thread may have waited for this visitor to be free.
                self._changed.notify()
            # What it holds must not live until the next task comes.
            del task

    def _next(self) -> _Task | None:
        for line in self._lines:
            task = line.take(self._free)
            if task is not None:
                self._busy.add(task.visitor)
                self._held[task.visitor.address] += 1
                return task
        return None

    def _free(self, visitor: Visitor) -> bool:
        return visitor not in self._busy and self._held[visitor.address] < self._share


def _one_less(counts: Counter[Any], key: Any) -> None:
    """Take one away; what has come to nothing is not kept."""
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
