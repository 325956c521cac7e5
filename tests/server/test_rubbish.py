"""Rubbish sent to every event of both pages: a sentence or nothing, and no trace in the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.serving import Served, serving

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
    },
]
VALUES: list[Any] = [None, "rubbish,<b>\0", -1, 1e308, [], ["x", None], {"path": "x"}, {}, True]


@pytest.fixture(scope="module")
def own() -> Iterator[Served]:
    """An app of its own: its log is read at the end."""
    with serving() as app:
        yield app


class Tab:
    """A page as the browser has it: each component's value, and its events."""

    def __init__(self, app: Served, page: str) -> None:
        self.http = httpx.Client(base_url=app.url, timeout=300)
        self.name = f"rubbish{page}"
        config = self.http.get("config").json()
        mine = set(config["page"][page]["dependencies"])
        self.events = [
            one
            for one in config["dependencies"]
            if one["id"] in mine and one["backend_fn"] and one["api_visibility"] == "private"
        ]
        keeps = (one["js"] for one in config["dependencies"] if one["id"] in mine and one["js"])
        self.kept = [found[1] for js in keeps if (found := re.search(r"four\.keep\((\[.*?\])", js))]
        self.values = {one["id"]: one["props"].get("value") for one in config["components"]}

    def send(self, event: dict[str, Any], data: list[Any], more: Any = None) -> dict[str, Any]:
        """The last message of the event's stream."""
        asked = {"fn_index": event["id"], "session_hash": self.name, "data": data}
        asked |= {"event_data": more, "trigger_id": event["targets"][0][0]}
        taken = self.http.post("gradio_api/queue/join", content=json.dumps(asked))
        if taken.status_code != 200:
            return {"refused": taken.json()["detail"]}
        told: dict[str, Any] = {}
        stream = self.http.get("gradio_api/queue/data", params={"session_hash": self.name})
        for line in stream.text.splitlines():
            message = json.loads(line.removeprefix("data: ")) if line else {}
            if message.get("msg") == "process_completed":
                told = message
        return told

    def honest(self, event: dict[str, Any]) -> list[Any]:
        """The values that its components have now."""
        return [self.values[component] for component in event["inputs"]]

    def load(self, query: str) -> None:
        """Open the page by a link."""
        event = next(one for one in self.events if one["targets"][0][1] == "load")
        told = self.send(event, [query])
        for component, value in zip(event["outputs"], told["output"]["data"], strict=True):
            if not isinstance(value, dict):
                self.values[component] = value
            elif "value" in value:
                self.values[component] = value["value"]

    @property
    def links(self) -> list[str]:
        """The names that a link may set."""
        (written,) = self.kept
        return json.loads(written)


@pytest.mark.parametrize("page", ["", "ja"])
def test_rubbish_leaves_sentences_and_no_trace(own: Served, page: str) -> None:
    tab = Tab(own, page)
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
    tab = Tab(own, page)
    assert {"example", "plan", "tab", "models"} <= set(tab.links)
    tab.load("?" + "&".join(f"{name}={quote(rubbish)}" for name in tab.links))
    for event in tab.events:
        answer = tab.send(event, tab.honest(event))
        assert "refused" not in answer
        assert "<img src=x" not in json.dumps(answer)
    assert "Traceback" not in own.log, own.log
