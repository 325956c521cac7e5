"""One visitor's many questions, over HTTP: bounded, in nobody's way, gone when they leave."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file

from demo.text import text
from tests.serving import call

SLOW = "efficientnet_b7"
"""Some seconds until its first pass is timed, and a second or more for each."""


@pytest.fixture
def http(app_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{app_url}gradio_api", timeout=120) as client:
        yield client


@pytest.fixture
def index(app_url: str) -> dict[str, int]:
    """Name of an endpoint -> gradio's number of it."""
    config = httpx.get(f"{app_url}config", timeout=120).json()
    return {one["api_name"]: one["id"] for one in config["dependencies"] if one["api_name"]}


def ask(http: httpx.Client, session: str, number: int, *values: Any) -> None:
    body = {"data": list(values), "fn_index": number, "session_hash": session}
    assert http.post("/queue/join", json=body).status_code == 200


def answers(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """What a session's stream says of questions that have come to an end."""
    for line in lines:
        message = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
        if message.get("msg") == "process_completed":
            yield message


def test_no_way_leads_past_the_queue(http: httpx.Client, index: dict[str, int]) -> None:
    names = [name for name in index if name in ("predict", "gradcam", "profile", "models")]
    assert len(names) == 4
    for name in names * 6:
        answer = http.post(f"/run/{name}", json={"data": []})
        assert answer.status_code == 404
        assert "Traceback" not in answer.text


def test_who_waits_is_told_how_many_go_first(http: httpx.Client, index: dict[str, int]) -> None:
    session = "two-at-once"
    for _ in range(2):
        ask(http, session, index["profile"], SLOW)
    with http.stream("GET", "/queue/data", params={"session_hash": session}) as stream:
        heard = (json.loads(line[6:]) for line in stream.iter_lines() if line[:6] == "data: ")
        # At first the networks that ship with the app may still be read for everybody.
        place = next(one for one in heard if one["msg"] == "estimation" and one["rank"] == 1)
    assert place["queue_size"] == 2


def test_who_asks_a_hundred_times_waits_alone(
    http: httpx.Client, index: dict[str, int], client: Client, picture: Path
) -> None:
    session = "a-busy-one"
    for _ in range(101):
        ask(http, session, index["profile"], SLOW)
    with http.stream("GET", "/queue/data", params={"session_hash": session}) as stream:
        ended = answers(stream.iter_lines())
        refused = [next(ended) for _ in range(85)]
        assert {one["output"]["error"] for one in refused} == {text("en")("lane.yours", count=16)}
        assert not any(one["success"] for one in refused)
        # Others are answered as ever, by what runs a network and what does not.
        found = call(client, "predict", handle_file(picture), ["mini_resnet"], 3)
        assert len(found["mini_resnet"]["predictions"]) == 3
        assert len(call(client, "models")) > 20
    # The stream is closed: its visitor has left, and so have their sixteen questions.
    until = time.monotonic() + 120
    while True:
        ask(http, session, index["gradcam"], None, "mini_resnet", "", "")
        with http.stream("GET", "/queue/data", params={"session_hash": session}) as stream:
            error = next(answers(stream.iter_lines()))["output"]["error"]
        if error != text("en")("lane.yours", count=16):
            break
        assert time.monotonic() < until
    assert error == text("en")("api.no_image")
