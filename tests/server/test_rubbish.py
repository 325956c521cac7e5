"""Rubbish sent to every event of both pages: a sentence or nothing, and no trace in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.server.tab import Tab
from tests.serving import HERE, Served, serving

EVENTS: list[Any] = [
    None,
    {},
    "x",
    {"block": "attic", "example": "unicorn", "index": "99", "row": -1, "column": 10**9},
    {"block": "1", "index": -5, "row": "x", "column": None, "branch": "7x7", "channel": "1e9"},
    {
        "model": "nothing",
        "layer": "x",
        "asked": "\ud800\0",
        "off": "<script>",
        "part": [],
        "key": {},
        "edit": "into",
        "of": "\udc00",
    },
]
VALUES: list[Any] = [
    None,
    "rubbish,<b>\udc00\0",
    -1,
    1e308,
    [],
    ["x", None],
    {"path": "x"},
    {},
    True,
]


@pytest.fixture(scope="module")
def own() -> Iterator[Served]:
    """An app of its own: its log is read at the end, and whom it would have reached.

    With every event of both pages it asks for no other machine, not even for its address.
    """
    with serving() as app:
        yield app
        events = ("connect", "sendto", "sendmsg", "getaddrinfo")
        asked = app.reached(*(f"socket.{event}" for event in events))
        # It has looked for its own page, so there is somebody who takes notes.
        assert "127.0.0.1" in asked
        assert asked <= set(HERE)


@pytest.mark.parametrize("page", ["", "ja"])
def test_rubbish_leaves_sentences_and_no_trace(own: Served, page: str) -> None:
    tab = Tab(own, page, f"rubbish{page}")
    tab.load("")
    answers = []
    for event in tab.events:
        count = len(event["inputs"])
        answers += [tab.send(event, [value] * count, {}) for value in VALUES]
        answers += [tab.send(event, [], None)]
        answers += [tab.send(event, tab.honest(event), more) for more in EVENTS]
        for place in range(count):
            data = tab.honest(event)
            data[place] = VALUES[place % len(VALUES)]
            answers.append(tab.send(event, data, EVENTS[-1]))
    for answer in answers:
        if "refused" in answer:
            continue
        if not answer["success"]:
            assert answer["output"]["error"], answer
    assert "Traceback" not in own.log, own.log


@pytest.mark.parametrize("page", ["", "ja"])
@pytest.mark.parametrize(
    "rubbish",
    ["unicorn", "-1", "1e309", "\0", "1,99,-3", "a|b|c|d", "<img src=x>"],
)
def test_a_link_with_rubbish_opens_the_page_as_it_is(own: Served, page: str, rubbish: str) -> None:
    tab = Tab(own, page, f"rubbish{page}")
    assert {"example", "plan", "tab", "models"} <= set(tab.links)
    tab.load("?" + "&".join(f"{name}={quote(rubbish)}" for name in tab.links))
    for event in tab.events:
        answer = tab.send(event, tab.honest(event))
        assert "refused" not in answer
        assert "<img src=x" not in json.dumps(answer)
    assert "Traceback" not in own.log, own.log
