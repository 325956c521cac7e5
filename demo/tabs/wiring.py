"""How handlers are wired: every failure has a face, networks run in one queue."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from demo import settings
from demo.records import Notice, Problem
from demo.text import Words

LOG = logging.getLogger("demo")

# Handlers that run a network share one queue. Two cores do one network at a time best: torch
# already uses both.
MODEL_QUEUE = "model"
MODEL_LIMIT = settings.read().at_once
LIGHT_LIMIT = 16
# For what several controls decide together. When a link sets them all at once, the browser may ask
# twice before it knows of its first question; one at a time, the last one's answer comes last.
LATEST: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 1}
LONGEST = 600
"""Characters of one value in a sentence: more than any list of ours."""


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


def guarded(fn: Callable[..., Any], words: Words) -> Callable[..., Any]:
    """The handler, with every exception turned into its `face`."""
    if inspect.isgeneratorfunction(fn):

        @functools.wraps(fn)
        def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
            try:
                yield from held(fn(*args, **kwargs))
            except Exception as error:
                raise face(error, words) from error

        return stream

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        except Exception as error:
            raise face(error, words) from error

    return call


def held(stream: Iterator[Any]) -> Iterator[Any]:
    """The stream, in which a `gr.skip()` after a value repeats that value.

    Gradio sends differences, which the browser applies to the very object that it may not have
    drawn yet: a skip right behind a value takes the value out of it, and it is never seen.
    """
    last: list[Any] = []
    for given in stream:
        values = list(given) if isinstance(given, list | tuple) else [given]
        last = last or values
        last = [old if new == gr.skip() else new for old, new in zip(last, values, strict=True)]
        # Copies: Gradio takes the value out of an update that it has sent.
        sent = [dict(value) if isinstance(value, dict) else value for value in last]
        yield sent if isinstance(given, list | tuple) else sent[0]


def event(
    triggers: Any,
    fn: Callable[..., Any] | None,
    inputs: Any = None,
    outputs: Any = None,
    *,
    words: Words,
    heavy: bool = False,
    **options: Any,
) -> Any:
    """One event of the page: private, guarded, in the right queue.

    Args:
        triggers: event listeners such as `button.click`, one or a list.
        fn: the handler, a generator for streaming; None with `js=` for the browser alone.
        heavy: whether it runs a network; those wait for each other.
        options: what `gr.on` takes, e.g. js, trigger_mode, show_progress.
    """
    if fn is not None:
        options.setdefault("concurrency_limit", MODEL_LIMIT if heavy else LIGHT_LIMIT)
        if heavy:
            options.setdefault("concurrency_id", MODEL_QUEUE)
        options.setdefault("show_progress", "hidden")
    options.setdefault("api_visibility", "private")
    return gr.on(
        triggers,
        guarded(fn, words) if fn is not None else None,
        inputs=inputs,
        outputs=outputs,
        **options,
    )
