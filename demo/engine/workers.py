"""Worker processes behind the seam: the web server answers at once whatever the networks do.

Each network has one worker, so that its weights and what it has made of a photo are in one place. A
worker that ends, or has grown, is started anew; whoever waited for it is answered by the next one,
and told in a sentence if that ends as well. One that hangs is ended, and whoever asked is told so.
"""

from __future__ import annotations

import atexit
import contextlib
import inspect
import itertools
import logging
import pickle
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator
from typing import Any

from demo import settings
from demo.engine import messages
from demo.engine.again import Ended, resumed
from demo.engine.ask import Behind, Question
from demo.engine.messages import Message, Reply
from demo.engine.process import SILENT, Process
from demo.records import Photo, Problem

LOG = logging.getLogger("demo")
SPARE = 1536 * 2**20
"""Bytes that a worker may take beside its caches: its libraries, and a pass of a large network."""
RESTED = 50
"""Answers that a worker gives at least before it is started anew because it has grown."""
_KNOWN = 1_000
"""Photos of which is remembered that a worker has had them."""
_GONE = (OSError, EOFError, pickle.UnpicklingError)
"""What is seen here of a worker that has ended."""
_HEARING = threading.local()
"""Has `now` in a thread in which something is called that a worker tells."""


class Worker:
    """One process, started when it is needed.

    Args:
        threads: on which it computes.
        most: bytes of memory above which it is started anew, once it has nothing under way.
        environment: what it finds set beside what this process does.
        silent: seconds without a word from it after which it has hung.
    """

    def __init__(
        self,
        threads: int,
        most: int,
        environment: dict[str, str] | None = None,
        silent: float = SILENT,
    ) -> None:
        self._threads = threads
        self._most = most
        self._environment = environment or {}
        self._silent = silent
        self._lock = threading.Lock()
        self._process: Process | None = None
        self._numbers = itertools.count()
        self._known: set[str] = set()
        self._under_way: set[int] = set()
        # Filled by whoever puts steps away, which may be anybody's thread at any moment.
        self._left: deque[int] = deque()
        self._closing: list[int] = []
        self._answers = self._held = 0

    def begin(self) -> None:
        """Start the process now, so that the first question finds it ready."""
        # Where there is no room for one, that is in the log; the first question tries again.
        with self._lock, contextlib.suppress(Problem):
            self._running()

    @property
    def process(self) -> Process | None:
        """What runs now."""
        return self._process

    def call(self, question: Question) -> Any:
        """What the function says; asked a second time where the process ends meanwhile.

        Raises:
            Problem: "problem.worker_ended"; "problem.worker_hung", which would hang again;
                "problem.worker_absent" if none can be started; as the function.
        """
        for _ in range(2):
            try:
                return self._exchange("call", next(self._numbers), question)[0].value
            except Ended:
                continue
        raise Problem("problem.worker_ended")

    def steps(self, question: Question) -> Generator[Any, None, Any]:
        """The steps of a generator function, each asked for by itself; others come in between.

        Where the process ends they begin again, and those that were seen are not given again.

        Raises:
            Problem: as `call`.
        """
        return resumed(lambda: self._steps(question))

    def _steps(self, question: Question) -> Generator[Any, None, Any]:
        number = next(self._numbers)
        try:
            reply, process = self._exchange("begin", number, question)
            while reply.kind == "step":
                yield reply.value
                reply, _ = self._exchange("next", number, None, process)
            return reply.value
        finally:
            self._left.append(number)

    def close(self) -> None:
        """End the process; the next question starts one."""
        process = self._process
        if process is not None:
            process.kill()

    def _exchange(
        self,
        kind: str,
        number: int,
        question: Question | None,
        process: Process | None = None,
    ) -> tuple[Reply, Process]:
        """Ask, and hear the answer out.

        Args:
            process: the one that has the steps; None is any.

        Raises:
            Ended: if it is not there any more, or ends meanwhile.
            Problem: as `call`.
            Exception: as the function, and as what is called while it works.
        """
        if getattr(_HEARING, "now", False):
            # Its worker is waited for in this very thread, another's may wait for this one.
            raise RuntimeError("whoever hears how far an answer is cannot ask for another one")
        photos: dict[str, Photo] = {}
        tellers: list[Callable[..., Any]] = []
        if question is not None:
            question = messages.parted(question, photos, tellers)
        with self._lock:
            self._put_away()
            running = self._running()
            if process is not None and process is not running:
                raise Ended(mine=False)
            unknown = tuple(photo for key, photo in photos.items() if key not in self._known)
            packed = messages.packed(Message(kind, number, question, unknown, tuple(self._closing)))
            self._closing.clear()
            try:
                running.send(packed)
                reply, failure = self._heard(running, photos, tellers)
            except BaseException as error:
                # Whatever it was: the rest of this answer must not be taken for the next one's.
                self._drop(running)
                if running.hung:
                    LOG.warning("a worker said nothing for %g seconds", self._silent)
                    raise Problem("problem.worker_hung") from None
                if not isinstance(error, _GONE):
                    raise
                LOG.warning("a worker ended in the middle of its work (%s)", running.ended)
                raise Ended(mine=True) from None
            self._note(kind, number, photos, reply)
        if failure is not None:
            raise failure
        return reply, running

    def _heard(
        self,
        running: Process,
        photos: dict[str, Photo],
        tellers: list[Callable[..., Any]],
    ) -> tuple[Reply, BaseException | None]:
        """The answer; what it needs on the way is given."""
        failure: BaseException | None = None
        while True:
            reply: Reply = pickle.loads(running.receive())
            if reply.kind == "photos":
                running.send(messages.packed([photos[key] for key in reply.value]))
            elif reply.kind == "told":
                teller, args = reply.value
                _HEARING.now = True
                try:
                    tellers[teller](*args)
                except BaseException as error:
                    # The answer is still to come, and must not be taken for the next one's.
                    failure = failure or error
                finally:
                    _HEARING.now = False
            elif reply.kind != "ready":
                return reply, reply.value if reply.kind == "failed" else failure

    def _running(self) -> Process:
        """The process, a new one where it has ended or grown."""
        process = self._process
        if process is not None and (process.ended is not None or process.hung):
            self._drop(process)
        elif process is not None and self._grown:
            LOG.warning("a worker takes %d MB and is started anew", self._held >> 20)
            self._drop(process)
        if self._process is None:
            self._process = self._started()
        return self._process

    @property
    def _grown(self) -> bool:
        return self._held > self._most and self._answers >= RESTED and not self._under_way

    def _started(self) -> Process:
        try:
            return Process(self._threads, self._environment, self._silent)
        except OSError:
            # The machine has no room for it now.
            LOG.exception("a worker did not start")
            raise Problem("problem.worker_absent") from None

    def _drop(self, process: Process) -> None:
        process.end()
        self._process = None
        self._known.clear()
        self._under_way.clear()
        self._closing.clear()
        self._answers = self._held = 0

    def _put_away(self) -> None:
        """Note the steps that were left since the last question."""
        while self._left:
            self._closing.append(self._left.popleft())
        self._under_way.difference_update(self._closing)

    def _note(self, kind: str, number: int, photos: dict[str, Photo], reply: Reply) -> None:
        self._answers += 1
        self._held = reply.held
        if len(self._known) > _KNOWN:
            # It asks for what it has dropped, so that forgetting costs a message at most.
            self._known.clear()
        self._known.update(photos)
        if kind == "begin" and reply.kind == "step":
            self._under_way.add(number)
        elif reply.kind != "step":
            self._under_way.discard(number)


class Workers(Behind):
    """Several of them, each network at home in one.

    Args:
        count: how many.
        threads: on which each computes; 0 shares this machine's cores among them.
        silent: seconds without a word after which one has hung.
    """

    def __init__(self, count: int, threads: int = 0, silent: float = SILENT) -> None:
        chosen = settings.read()
        shares = {
            "FOUR_FAMILIES_MODEL_CACHE_MB": chosen.model_cache // count,
            "FOUR_FAMILIES_TRACE_CACHE_MB": chosen.trace_cache // count,
        }
        environment = {name: str(share >> 20) for name, share in shares.items()}
        threads = threads or max(1, settings.cores() // count)
        most = sum(shares.values()) + SPARE
        self.workers = tuple(Worker(threads, most, environment, silent) for _ in range(count))
        self._homes: dict[str, Worker] = {}
        self._lock = threading.Lock()
        atexit.register(self.close)

    def answer(self, question: Question) -> Any:
        """As `ask.Behind.answer`."""
        home = self.home(question.key)
        if inspect.isgeneratorfunction(question.function):
            return home.steps(question)
        return home.call(question)

    def home(self, key: str) -> Worker:
        """Where the network of that key is: of a new one, where the fewest are."""
        with self._lock:
            home = self._homes.get(key)
            if home is None:
                taken = Counter(self._homes.values())
                home = self._homes[key] = min(self.workers, key=lambda one: taken[one])
            return home

    def begin(self) -> None:
        """Start them all."""
        for worker in self.workers:
            worker.begin()

    def close(self) -> None:
        """End them all."""
        for worker in self.workers:
            worker.close()
