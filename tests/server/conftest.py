from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.serving import Served
from tests.shared import device_api, switched_on  # noqa: F401

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def http(app: Served) -> Iterator[httpx.Client]:
    """Plain HTTP to the app."""
    with httpx.Client(base_url=app.url, timeout=120) as client:
        yield client


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a picture, 8 x 8 px."""
    from PIL import Image

    path = tmp_path_factory.mktemp("server") / "grey.png"
    Image.new("RGB", (8, 8), "grey").save(path)
    return path


@pytest.fixture(scope="session")
def ask(http: httpx.Client) -> Ask:
    """ask("predict", [...]): the last event of its stream, {"event": ..., "data": ...}."""

    def asked(name: str, data: object) -> dict[str, Any]:
        taken = http.post(f"gradio_api/call/{name}", content=json.dumps({"data": data}))
        assert taken.status_code == 200, taken.text
        event = taken.json()["event_id"]
        lines = http.get(f"gradio_api/call/{name}/{event}").text.strip().splitlines()
        kind, written = lines[-2].removeprefix("event: "), lines[-1].removeprefix("data: ")
        return {"event": kind, "data": json.loads(written)}

    return asked
