"""What the page sends with a click, of which nobody knows that the page sent it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import gradio as gr

from demo.records import Problem

Value = TypeVar("Value")


def text_of(event: gr.EventData, name: str) -> str:
    """A text that came with the event.

    Raises:
        Problem: "server.no_event" if none of that name did.
    """
    value = _value(event, name)
    if not isinstance(value, str | int):
        raise Problem("server.no_event")
    return str(value)


def number_of(event: gr.EventData, name: str, below: int) -> int:
    """A whole number from 0 that came with the event.

    Raises:
        Problem: "server.no_event" if none of that name did, or it is not below that.
    """
    value = text_of(event, name)
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) < below):
        raise Problem("server.no_event")
    return int(value)


def one_of(value: Value, known: Collection[Value]) -> Value:
    """The value, if it is among those that the page offers.

    Raises:
        Problem: "server.no_event" if it is not.
    """
    if value not in known:
        raise Problem("server.no_event")
    return value


def _value(event: gr.EventData, name: str) -> object:
    try:
        return getattr(event, name)
    except (AttributeError, TypeError):
        # Nothing came with it, or no object.
        return None
