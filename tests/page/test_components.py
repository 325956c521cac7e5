"""Components that take in values as we want it, also after Gradio made them anew for a session."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from gradio.data_classes import FileData
from gradio_client import Client, handle_file
from PIL import Image

from demo.page import components
from demo.page.components import bounded, optional_number, photo_input
from demo.records import Problem


def anew(component: Any) -> Any:
    """As Gradio makes it for a session on an update."""
    return component.__class__(**{**component.constructor_args, "render": False})


@pytest.mark.parametrize("made", [lambda one: one, anew], ids=["first", "anew"])
def test_a_photo_comes_unopened(made: Any, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")
    component = made(photo_input())
    assert component.preprocess(FileData(path=str(broken))) == str(broken)
    assert component.preprocess(None) is None


@pytest.mark.parametrize("made", [lambda one: one, anew], ids=["first", "anew"])
def test_a_photo_that_is_shown_is_written_once_and_whole(made: Any) -> None:
    component = made(photo_input())
    pixels = np.full((30, 40, 3), (200, 30, 90), np.uint8)
    assert component.postprocess(None) is None
    file = Path(component.postprocess(pixels).path)
    with Image.open(file) as shown:
        assert (shown.size, shown.format) == ((40, 30), "WEBP")
        assert np.abs(np.asarray(shown, int) - pixels).max() <= 6
    before = file.stat()
    content = file.read_bytes()
    with file.open("rb") as on_its_way:
        first = on_its_way.read(20)
        assert component.postprocess(pixels.copy()).path == str(file)
        assert first + on_its_way.read() == content
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    # The same bytes in another shape are another photo; what was deleted is made again.
    other = component.postprocess(pixels.reshape(40, 30, 3)).path
    assert Path(other).parent != file.parent
    file.unlink()
    assert component.postprocess(pixels).path == str(file)
    assert file.read_bytes() == content
    assert sorted(one.name for one in file.parent.iterdir()) == ["image.webp"]


@pytest.mark.parametrize("made", [lambda one: one, anew], ids=["first", "anew"])
def test_a_number_out_of_bounds_is_refused_in_words(made: Any) -> None:
    component = gr.Number(4, minimum=1, maximum=9, label="M")
    bounded(component)
    component = made(component)
    assert component.preprocess(9) == 9
    assert component.preprocess(None) is None
    for value in (0, 10):
        with pytest.raises(Problem) as refusal:
            component.preprocess(value)
        assert refusal.value.key == "page.between"
        assert refusal.value.values == {"label": "M", "least": 1, "most": 9}


@pytest.mark.parametrize("made", [lambda one: one, anew], ids=["first", "anew"])
def test_a_limit_may_be_left_out(made: Any) -> None:
    component = optional_number("no limit", label="MB")
    assert component.value == ""
    bounded(component)
    component = made(component)
    assert component.preprocess("") is None
    assert component.preprocess(0) == 0
    with pytest.raises(Problem, match=r"page\.at_least") as refusal:
        component.preprocess(-1)
    assert refusal.value.values == {"label": "MB", "least": 0, "most": None}


@pytest.mark.parametrize("made", [lambda one: one, anew], ids=["first", "anew"])
def test_a_slider_takes_its_nearer_end(made: Any) -> None:
    component = gr.Slider(2, 8, 4, step=2)
    bounded(component)
    component = made(component)
    assert [component.preprocess(value) for value in (1, 2, 6, 99, None)] == [2, 2, 6, 8, 2]


def test_they_pass_for_gradios_own() -> None:
    ours, own = photo_input(), gr.Image()
    assert isinstance(ours, gr.Image)
    assert ours.get_block_name() == own.get_block_name() == "image"
    assert ours.component_class_id == own.component_class_id
    assert not Path(components.__file__).with_suffix(".pyi").exists()


def test_a_skip_does_not_bring_gradios_own_reading_back(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    with gr.Blocks() as blocks:
        image = photo_input()
        told = gr.Textbox()
        gr.on(
            image.input,
            lambda path: [gr.skip(), Path(path).name],
            image,
            [image, told],
            api_name="take",
            concurrency_limit=1,
        )
    _, url, _ = blocks.launch(prevent_thread_lock=True, quiet=True)
    try:
        client = Client(url, verbose=False)
        answers = [client.predict(handle_file(broken), api_name="/take")[1] for _ in range(2)]
        assert answers == ["broken.png", "broken.png"]
    finally:
        blocks.close()
