"""What a link brings back, and what a failing handler says."""

from __future__ import annotations

import threading

import gradio as gr
import pytest
from gradio_client import Client

from demo.page import photos
from demo.page.page import Page, hidden
from demo.page.wiring import HANDS, LATEST, event, held
from demo.records import Problem
from demo.text import text

SKIP = gr.skip()


@pytest.fixture
def page() -> Page:
    with gr.Blocks():
        made = Page("en", text("en"), *[hidden() for _ in range(7)])
        made.link("models", gr.CheckboxGroup(["a", "b", "c"], value=["a"]))
        made.link("class", gr.HTML(""), {"", "ship"})
        made.link("k", gr.Slider(1, 10, value=5, step=1))
        made.link("theta", gr.Number(0.5, minimum=0.1, maximum=1))
        made.link("on", gr.Checkbox(False))
        made.link("block", hidden())
        made.link("mb", gr.Number(4, minimum=0))
    return made


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("", [SKIP] * 7),
        (
            "?models=b,a&class=ship&k=3&theta=0.25&on=true&block=2a",
            [["b", "a"], "ship", 3, 0.25, True, "2a", SKIP],
        ),
        (
            "?models=b,elephant&class=unicorn&k=11&theta=much&on=no&other=1",
            [["b"], SKIP, SKIP, SKIP, False, SKIP, SKIP],
        ),
        ("?models=elephant&k=0&k=4", [SKIP, SKIP, 4, SKIP, SKIP, SKIP, SKIP]),
        ("?models=none&class=none", [[], *[SKIP] * 6]),
        ("?mb=9007199254740992", [*[SKIP] * 6, 2**53]),
        ("?mb=1e308", [SKIP] * 7),
        ("?mb=inf&k=nan", [SKIP] * 7),
    ],
)
def test_a_link_brings_back_what_fits(page: Page, query: str, values: list[object]) -> None:
    assert page.restore(query) == values


def test_examples_are_opened_once_and_uploads_that_are_gone_say_so() -> None:
    ref = photos.of_example("ship")
    assert photos.load(ref) is photos.load(photos.of_example("ship"))
    assert photos.load(None) is None
    with pytest.raises(KeyError):
        photos.of_example("unicorn")
    with pytest.raises(Problem) as problem:
        photos.load(photos.of_file("nowhere/gone.png"))
    assert problem.value.key == "page.photo_gone"


def test_a_skip_in_a_stream_repeats_the_value_that_was_sent() -> None:
    sent = []
    for values in held(iter([[gr.update(value=1), SKIP], [SKIP, "a"], [SKIP, SKIP], ["b", "c"]])):
        sent.append([*values])
        if isinstance(values[0], dict):
            sent[-1][0] = dict(values[0])
            values[0].pop("value")  # as Gradio does when it sends
    first = gr.update(value=1)
    assert sent == [[first, SKIP], [first, "a"], [first, "a"], ["b", "c"]]
    assert list(held(iter(["a", SKIP, "b"]))) == ["a", "a", "b"]
    box, other = gr.Textbox(), gr.Textbox()
    named = held(iter([{box: "a"}, {other: "b"}, {box: SKIP}]))
    assert list(named) == [{box: "a"}, {box: "a", other: "b"}, {box: "a", other: "b"}]


def test_the_answer_to_the_last_of_two_questions_comes_last() -> None:
    started, both, answered = threading.Event(), threading.Event(), []

    def answer(question: str) -> str:
        started.set()
        assert both.wait(60)
        answered.append(question)
        return question

    with gr.Blocks() as blocks:
        box = gr.Textbox()
        event(
            box.change,
            answer,
            box,
            gr.Textbox(),
            words=text("en"),
            api_name="ask",
            api_visibility="public",
            **LATEST,
        )
    _, url, _ = blocks.launch(prevent_thread_lock=True, quiet=True)
    try:
        client = Client(url, verbose=False)
        client.submit("slow", api_name="/ask")
        assert started.wait(60)
        last = client.submit("quick", api_name="/ask")
        while HANDS._places.total() < 2:
            assert not last.done()
        both.set()
        assert last.result(60) == "quick"
        assert answered == ["slow", "quick"]
    finally:
        both.set()
        blocks.close()
