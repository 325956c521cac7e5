"""Gradio's Blocks, in which a failure in front of our handlers is a sentence as well."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from demo.page.wiring import LONGEST, sentence
from demo.records import Problem
from demo.server import fetching
from demo.text import LANGUAGES, Words, text

_TYPES: dict[str, Any] = {
    "radio": str,
    "checkboxgroup": list,
    "checkbox": bool,
    "slider": int | float,
}

_DESCRIBES = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs")

LOG = logging.getLogger("demo.server")


class Faced(gr.Blocks):
    """Gradio checks and fetches what a handler is given; what it refuses, it says to nobody.

    Here each refusal says what to do, in the language of the page that asked, and leaves no trace
    in the log: rubbish that somebody sent is no fault of the app.
    """

    def get_config_file(self) -> Any:
        """What the page is built of, without what only an endpoint's description needs."""
        config = super().get_config_file()
        public = {
            block._id
            for fn in self.fns.values()
            if fn.api_visibility == "public"
            for block in (*fn.inputs, *fn.outputs)
        }
        for component in config["components"]:
            if component["id"] not in public:
                for name in _DESCRIBES:
                    component.pop(name, None)
        return config

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], state: Any, explicit_call: bool = False
    ) -> list[Any]:
        """The inputs as the handler takes them.

        Raises:
            gr.Error: what is wrong with them.
        """
        words = text(block_fn.page if block_fn.page in LANGUAGES else LANGUAGES[0])
        try:
            if len(inputs) < len(block_fn.inputs):
                raise Problem("server.missing", needed=len(block_fn.inputs), given=len(inputs))
            for value in _inside(inputs):
                if isinstance(value, dict) and "refused" in value:
                    raise _Said(str(value["refused"]))
                if fetching.is_named(value):
                    raise Problem("server.no_address", address=value["path"])
            given = await super().preprocess_data(block_fn, inputs, state, explicit_call)
            return [
                _fitting(block, value) for block, value in zip(block_fn.inputs, given, strict=True)
            ]
        except Exception as error:
            LOG.info("an input was refused: %s", error)
            raise gr.Error(
                _sentence(error, block_fn, inputs, words),
                duration=12,
                title=words("page.problem"),
                print_exception=False,
            ) from error


def _fitting(component: Any, value: Any) -> Any:
    """The value, if a browser can have sent it: Gradio lets null through everywhere.

    Raises:
        Problem: "server.not_offered" if it cannot.
    """
    if isinstance(component, gr.Textbox) and value is None:
        return ""
    # A choice that cannot be typed over is never empty.
    never_empty = isinstance(component, gr.Dropdown) and not (
        component.filterable or component.multiselect
    )
    types = str if never_empty else _TYPES.get(component.get_block_name(), object)
    if not isinstance(value, types):
        raise Problem("server.not_offered")
    return value


class _Said(Exception):
    """Something that the gate has said in the reader's language already."""


def _sentence(error: Exception, block_fn: Any, inputs: list[Any], words: Words) -> str:
    if isinstance(error, _Said):
        return str(error)[:LONGEST]
    # What a component of ours refuses comes wrapped by Gradio.
    problem = error.__cause__ if isinstance(error.__cause__, Problem) else error
    if isinstance(problem, Problem):
        return sentence(problem, words)
    if any(isinstance(value, dict) and "path" in value for value in _inside(inputs)):
        return words("api.no_image" if block_fn.api_visibility == "public" else "page.photo_gone")
    return words("server.not_offered")


def _inside(inputs: list[Any]) -> Iterator[Any]:
    """Each input, and what a list among them holds."""
    for value in inputs:
        yield from value if isinstance(value, list) else [value]
