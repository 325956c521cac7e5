"""How an endpoint of the JSON API is offered: `gr.api`, with English sentences for failures."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder
from pydantic import ValidationError, validate_call

from demo import labels
from demo.photo import read
from demo.records import Photo, Problem
from demo.tabs.wiring import LIGHT_LIMIT, MODEL_LIMIT, MODEL_QUEUE, guarded
from demo.text import text
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel, load
from demo.zoo.spec import ModelSpec


def offer(fn: Callable[..., Any], name: str, heavy: bool = True) -> None:
    """Offer fn as /name inside an open Blocks context.

    Its parameters need type hints; their defaults are the example of the API view, its docstring
    the description. heavy: whether it runs a network.
    """
    queue: dict[str, Any] = {"concurrency_limit": LIGHT_LIMIT}
    if heavy:
        queue = {"concurrency_limit": MODEL_LIMIT, "concurrency_id": MODEL_QUEUE}
    gr.api(guarded(typed(fn), text("en")), api_name=name, **queue)


def finite(answer: Any) -> Any:
    """The answer, if JSON can hold it.

    Raises:
        Problem: "api.not_finite" if a number in it is infinite or not a number.
    """
    waiting = [answer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
        elif isinstance(one, float) and not math.isfinite(one):
            raise Problem("api.not_finite")
    return answer


def typed(fn: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, refusing arguments that are not of the types it states.

    Raises:
        Problem: "api.no_image" for the parameter `image`, otherwise "api.wrong_type"; as `finite`.
    """
    names, validated = list(inspect.signature(fn).parameters), validate_call(fn)

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return finite(validated(*args, **kwargs))
        except ValidationError as error:
            first = error.errors()[0]
            place = first["loc"][0]
            name = names[place] if isinstance(place, int) else place
            if name == "image":
                raise Problem("api.no_image") from error
            raise Problem("api.wrong_type", name=name, reason=first["msg"]) from error

    return call


def photo_of(image: dict[str, Any] | None) -> Photo:
    """The uploaded picture that a client names with `handle_file(path)` or after /upload.

    Raises:
        Problem: "api.no_image" if there is none or it was not uploaded here; else as `photo.read`.
    """
    path = (image or {}).get("path")
    if not isinstance(path, str):
        raise Problem("api.no_image")
    file = Path(path).resolve()
    # gr.api checks no paths: without this, a client could name any picture of the machine.
    if not file.is_relative_to(Path(get_upload_folder()).resolve()) or not file.is_file():
        raise Problem("api.no_image")
    return read(str(file))


def loaded(key: str) -> LoadedModel:
    """The network of that key.

    Raises:
        Problem: if there is none of that key, or it needs a download that cannot be had.
    """
    return load(spec(key).key)


def index_of(one: ModelSpec, label: str | int) -> int | None:
    """Index of the class that a client names, None for "".

    Raises:
        Problem: as `labels.index_of`.
    """
    if not str(label).strip():
        return None
    return labels.index_of(one.dataset, one.labels, label, one.title)
