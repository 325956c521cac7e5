"""How handlers are wired: every failure has a face, and work waits in a line that is fair.

Each handler becomes a coroutine, so that no thread is held while it waits.
"""

from __future__ import annotations

import functools
import html
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr

from demo import settings
from demo.drawing.refusal import refusal
from demo.engine.ask import ask, source
from demo.lane import Bounds, Lane, Turn, Visitor
from demo.page import own, photos
from demo.page.question import Newest, Question
from demo.records import Notice, Problem
from demo.text import Words, text
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness

LOG = logging.getLogger("demo")

# As many as keep the networks at work, wherever they run. The bounds let a school behind one
# address in, and no single page or address takes all of it.
NETWORKS = Lane("networks", settings.read().waiting, Bounds(16, 120, 240))
# Downloads take minutes, and nobody else may wait for a thread so long.
FETCHES = Lane("fetches", 4, Bounds(16, 120, 240), share=2)
# As many as there are decoders; whoever sends photos that are slow to read leaves one to others.
PHOTOS = Lane("photos", 2, Bounds(16, 120, 240), share=1)
# What needs neither: numbers, drawings, files that are written. More threads than cores only make
# the server's loop, which every other visitor needs, wait for its turn among them.
HANDS = Lane("hands", 4, Bounds(40, 240, 480), share=2)
# For what several controls decide together. When a link sets them all at once, the browser may ask
# twice before it knows of its first question; an answer that is no longer the newest is not sent.
LATEST: dict[str, Any] = {"trigger_mode": "always_last", "newest": True}
LONGEST = 600
"""Characters of one value in a sentence: more than any list of ours."""
_DONE = object()


class WarmUp:
    """Has the networks that ship with the app read, so that the first photo need not wait."""

    def __init__(self) -> None:
        self._reading: list[Future[Any]] = []

    def begin(self) -> None:
        """Begin now: once the page is served, whose start it would hold up."""
        self._reading = [
            NETWORKS.submit(Visitor("", "start"), functools.partial(_read, one.key))
            for one in CATALOGUE
            if readiness(one) == "bundled"
        ]

    def done(self) -> bool:
        """Whether they are read."""
        return bool(self._reading) and all(future.done() for future in self._reading)


def _read(key: str) -> None:
    try:
        ask(source, key)
    except Problem as problem:
        LOG.error(sentence(problem, text("en")))


def sentence(problem: Problem | Notice, words: Words) -> str:
    """The problem or notice in the reader's language; long texts that somebody sent are cut."""
    values = {
        name: f"{value[:LONGEST]}…" if isinstance(value, str) and len(value) > LONGEST else value
        for name, value in problem.values.items()
    }
    return words(problem.key, **values)


def face(error: Exception, words: Words) -> gr.Error:
    """The error as one sentence that says what to do."""
    if isinstance(error, gr.Error):
        return error
    if isinstance(error, Problem):
        message = sentence(error, words)
    else:
        LOG.exception("a handler failed")
        message = words("page.unexpected")
    return gr.Error(message, duration=12, title=words("page.problem"), print_exception=False)


def told(problem: Problem, words: Words, more: str = "") -> str:
    """The problem as the page shows it: a sentence or two, what a teacher types folded under it."""
    said = words.sentences(sentence(problem, words), more)
    return refusal(said, str(problem.values.get("command", "")), words)


def lacking(problem: Problem, words: Words, instead: ModelSpec | None) -> str:
    """The problem of a scene as the page shows it, with a button for what goes without it."""
    if not problem.key.startswith("problem.") and "model" not in problem.values:
        # It is no network's, so another one would not help.
        return told(problem, words)
    said = told(problem, words, words("scene.absent"))
    return said if instead is None else said + use_instead(instead, words)


def use_instead(other: ModelSpec, words: Words) -> str:
    """A button that chooses another network of the scene."""
    name = html.escape(words("scene.instead", model=other.title))
    return f'<button type="button" class="instead" data-use-network="{other.key}">{name}</button>'


@contextmanager
def faces(words: Words) -> Iterator[None]:
    """While open, every exception becomes its `face`."""
    try:
        yield
    except Exception as error:
        raise face(error, words) from error


@dataclass(frozen=True)
class Opener:
    """Turns what was sent for a parameter into what the handler gets, on a lane of its own."""

    open: Callable[[Any], Any]
    lane: Lane = PHOTOS


def guarded(
    fn: Callable[..., Any],
    words: Words,
    lane: Lane = HANDS,
    *,
    openers: dict[str, Opener] | None = None,
    patient: bool = False,
    newest: Any = None,
) -> Callable[..., Any]:
    """The handler as a coroutine whose work is done on the lane.

    Every exception becomes its `face`. A generator runs step by step, each waiting its turn; its
    `Turn`s say where the next step runs. Where a plain function gives a generator (an endpoint that
    works in steps), its last value is the answer.

    Args:
        openers: parameter -> what opens it, outside the networks, before the handler begins.
        patient: whether it waits until nobody else needs the lane.
        newest: what is answered instead where the same visitor has asked again since; None where
            each question has an answer of its own.
    """
    places = _places(fn, openers or {})

    async def begin(question: Question, args: tuple[Any, ...]) -> list[Any]:
        given = list(args)
        for place, opener in places.items():
            if place < len(given):
                given[place] = await question.ask(
                    opener.lane, functools.partial(opener.open, given[place])
                )
        return given

    if inspect.isgeneratorfunction(fn):

        @functools.wraps(fn)
        async def stream(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            own.asks()
            question = Question(patient)
            with faces(words), lane.place(question.visitor):
                given = await begin(question, args)
                async for value in stepped(question, lane, held(fn(*given, **kwargs))):
                    yield value

        return stream

    last = Newest()

    @functools.wraps(fn)
    async def call(*args: Any, **kwargs: Any) -> Any:
        own.asks()
        question = Question(patient)
        last.note(question)
        with faces(words), lane.place(question.visitor):
            given = await begin(question, args)
            answer = await question.ask(lane, functools.partial(fn, *given, **kwargs))
            if inspect.isgenerator(answer):
                async for value in stepped(question, lane, answer):
                    answer = value
        return newest if newest is not None and last.outdated(question) else answer

    return call


async def stepped(question: Question, lane: Lane, steps: Iterator[Any]) -> AsyncIterator[Any]:
    """The values of a generator, each of whose steps waits its turn on the lane."""
    where = lane
    try:
        step = functools.partial(next, steps, _DONE)
        while (value := await question.ask(where, step)) is not _DONE:
            if isinstance(value, Turn):
                where = {Turn.NETWORK: lane, Turn.PHOTO: PHOTOS, Turn.OUTSIDE: HANDS}[value]
            else:
                yield value
    finally:
        # Behind a step that may still be under way; whoever left does not wait for it.
        question.leave(where, steps.close)


def _places(fn: Callable[..., Any], openers: dict[str, Opener]) -> dict[int, Opener]:
    """Position of each parameter that is opened -> what opens it."""
    names = list(inspect.signature(fn).parameters)
    return {names.index(name): opener for name, opener in openers.items() if name in names}


def held(stream: Iterator[Any]) -> Iterator[Any]:
    """The stream, in which a `gr.skip()` after a value repeats that value.

    Gradio sends differences, which the browser applies to the very object that it may not have
    drawn yet: a skip right behind a value takes the value out of it, and it is never seen.
    """
    last: dict[Any, Any] = {}
    for given in stream:
        if isinstance(given, Turn):
            yield given
            continue
        by_component = isinstance(given, dict) and "__type__" not in given
        named = given if by_component else dict(enumerate(_listed(given)))
        last.update({key: value for key, value in named.items() if value != gr.skip()})
        # Copies: Gradio takes the value out of an update that it has sent.
        sent = {key: _copied(last.get(key, value)) for key, value in {**last, **named}.items()}
        if by_component:
            yield sent
        else:
            values = [sent[place] for place in range(len(named))]
            yield values if isinstance(given, list | tuple) else values[0]


def _listed(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def _copied(value: Any) -> Any:
    return dict(value) if isinstance(value, dict) else value


def skips(outputs: Any) -> Any:
    """No change of any of the outputs."""
    if isinstance(outputs, Sequence) and len(outputs) != 1:
        return [gr.skip()] * len(outputs)
    return gr.skip()


def event(
    triggers: Any,
    fn: Callable[..., Any] | None,
    inputs: Any = None,
    outputs: Any = None,
    *,
    words: Words,
    heavy: bool = False,
    reads: bool = False,
    patient: bool = False,
    newest: bool = False,
    **options: Any,
) -> Any:
    """One event of the page: private, guarded, in a line that is fair.

    Args:
        triggers: event listeners such as `button.click`, one or a list.
        fn: the handler, a generator for streaming; None with `js=` for the browser alone.
        heavy: whether it runs a network. Its parameter `photo`, for which the page's token is
            sent, is then the `Photo` itself, None where there is none.
        reads: whether it reads photos that were uploaded.
        patient: whether it waits until nobody else needs the networks.
        newest: whether only the answer to a visitor's newest question is sent.
        options: what `gr.on` takes, e.g. js, trigger_mode, show_progress.
    """
    if fn is not None:
        lane = NETWORKS if heavy else PHOTOS if reads else HANDS
        openers = {"photo": Opener(photos.opened)} if heavy else {}
        instead = skips(outputs) if newest else None
        fn = guarded(fn, words, lane, openers=openers, patient=patient, newest=instead)
        # Waiting is the lanes' business: gradio's own queue lets everything through.
        options.setdefault("concurrency_limit", None)
        options.setdefault("show_progress", "hidden")
    options.setdefault("api_visibility", "private")
    return gr.on(triggers, fn, inputs=inputs, outputs=outputs, **options)
