"""Sessions that are invented, dropped, or somebody else's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
import httpx
import pytest
from gradio_client import Client, handle_file
from PIL import Image

from demo.server.sessions import MOST, Session, Sessions
from tests.server.tab import Tab
from tests.serving import Served, call


@pytest.fixture
def blocks() -> gr.Blocks:
    with gr.Blocks() as made:
        gr.Dropdown(["a", "b"], value="a")
        gr.Textbox("x" * 1000)
        gr.State(7)
    made.state_session_capacity = 2
    return made


def test_a_session_copies_no_configuration(
    blocks: gr.Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied(*_: object) -> dict:
        raise AssertionError("a component's configuration was copied")

    dropdown, box, state = (
        next(block for block in blocks.blocks.values() if isinstance(block, kind))
        for kind in (gr.Dropdown, gr.Textbox, gr.State)
    )
    monkeypatch.setattr(blocks.default_config, "config_for_block", copied)
    session = Session(blocks)
    monkeypatch.setattr(session.blocks_config, "config_for_block", copied)
    session[dropdown._id] = gr.Dropdown(["c"], render=False)
    session._update_config(dropdown._id)
    session._update_value_in_config(box._id, "y")
    assert session.config_values == {}
    assert session[dropdown._id].choices == [("c", "c")]
    assert dropdown.choices == [("a", "a"), ("b", "b")]
    assert session[state._id] == 7
    assert list(session.components) == []


def test_the_longest_unused_session_goes_first(blocks: gr.Blocks) -> None:
    sessions = Sessions()
    sessions.set_blocks(blocks)
    one = sessions["one"]
    assert isinstance(one, Session)
    assert sessions["two"] is not one
    assert sessions["one"] is one
    assert sessions["three"]
    assert "two" not in sessions
    assert sessions["one"] is one


def test_invented_sessions_throw_nobody_out(app: Served) -> None:
    """A tab goes on with its photo after more sessions were invented than are kept."""
    tab = Tab(app, "", "idle")
    tab.load("?tab=inception&scene=worth&example=ship&inception_off=5x5")
    switch = tab.takes("inception-off", "photo-token", gives="in-worth")
    honest = tab.honest(switch)
    assert "5x5" in honest
    before = tab.send(switch, honest)
    assert before["success"]

    with httpx.Client(base_url=app.url, timeout=120) as http:
        quick = next(one["id"] for one in tab.all if one["api_name"] == "models")

        def invent(number: int) -> int:
            name = f"invented{number}"
            asked = {"data": [], "fn_index": quick, "session_hash": name}
            status = http.post("gradio_api/queue/join", json=asked).status_code
            http.get("gradio_api/queue/data", params={"session_hash": name})
            return status

        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(invent, range(MOST + 50))) == {200}
    after = tab.send(switch, honest)
    assert after["success"], after
    assert after["output"]["data"] == before["output"]["data"]


def test_two_visitors_never_see_each_others_results(app: Served, tmp_path: Path) -> None:
    files = []
    for number, colour in enumerate(("red", "blue", "white", "black")):
        files.append(tmp_path / str(number) / "same name.png")
        files[-1].parent.mkdir()
        Image.new("RGB", (32, 32), colour).save(files[-1])
    # Gradio's client is one thread's: of two that share it one may close the other's stream.
    clients = [Client(app.url, verbose=False) for _ in range(8)]

    def answer(number: int) -> dict:
        client, file = clients[number], files[number % 4]
        return call(client, "predict", handle_file(file), ["mini_resnet", "mini_densenet"], 10)

    def thrice(number: int) -> list[dict]:
        return [answer(number) for _ in range(3)]

    alone = [answer(number) for number in range(4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(thrice, range(8)))
    for number, answers in enumerate(together):
        for found in answers:
            for key in ("mini_resnet", "mini_densenet"):
                assert found[key]["predictions"] == alone[number % 4][key]["predictions"]
    assert len({str(one["mini_resnet"]["predictions"]) for one in alone}) == 4
