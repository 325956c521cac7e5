"""A page of the app as the browser has it, over plain HTTP."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from tests.serving import Served


class Tab:
    """A page as the browser has it: each component's value, and its events."""

    def __init__(self, app: Served, page: str, name: str) -> None:
        self.http = httpx.Client(base_url=app.url, timeout=300)
        self.name = name
        config = self.http.get("config").json()
        mine = set(config["page"][page]["dependencies"])
        self.all = config["dependencies"]
        self.ids = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
        self.events = [
            one
            for one in config["dependencies"]
            if one["id"] in mine and one["backend_fn"] and one["api_visibility"] == "private"
        ]
        keeps = (one["js"] for one in config["dependencies"] if one["id"] in mine and one["js"])
        self.kept = [
            found[1] for js in keeps if (found := re.search(r"four\.keep\(\[(\[.*?\])", js))
        ]
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
        event = next(
            one
            for one in self.events
            if one["targets"][0][1] == "load"
            and "search" in (self.ids[component] for component in one["inputs"])
        )
        self.become(event, self.send(event, [query, "", ""]))

    def takes(self, *names: str, gives: str = "") -> dict[str, Any]:
        """The event that takes these components in and gives that one a value, by elem_id."""

        def called(components: list[int]) -> set[str]:
            return {self.ids[one] for one in components}

        return next(
            one
            for one in self.events
            if set(names) <= called(one["inputs"])
            and (not gives or gives in called(one["outputs"]))
        )

    def become(self, event: dict[str, Any], told: dict[str, Any]) -> None:
        """Take over what the event has answered."""
        for component, value in zip(event["outputs"], told["output"]["data"], strict=True):
            if not isinstance(value, dict):
                self.values[component] = value
            elif "value" in value:
                self.values[component] = value["value"]

    @property
    def links(self) -> list[str]:
        """The names that a link may set."""
        return [name for written in self.kept for name in json.loads(written)]
