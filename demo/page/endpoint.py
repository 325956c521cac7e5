"""How an endpoint of the JSON API is offered: `gr.api`, with English sentences for failures."""

from __future__ import annotations

import contextlib
import functools
import inspect
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import gradio as gr
from gradio.utils import get_upload_folder
from pydantic import ValidationError, validate_call

from demo import labels
from demo.page import photos
from demo.page.wiring import FETCHES, HANDS, NETWORKS, Opener, guarded
from demo.records import Photo, Problem
from demo.text import text
from demo.zoo import weights
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec


def offer(
    fn: Callable[..., Any],
    name: str,
    *,
    heavy: bool = True,
    fetches: bool = True,
    patient: bool = False,
) -> None:
    """Offer fn as /name inside an open Blocks context.

    Its parameters need type hints; their defaults are the example of the API view, its docstring
    the description. A parameter `image` is a `Photo`, for which a client sends an uploaded file.
    An endpoint that works in steps is a generator; its last value is the answer.

    Args:
        heavy: whether it runs a network.
        fetches: whether what `model`, `models` or `backbone` names is downloaded first where it is
            absent.
        patient: whether it waits until nobody else needs the networks.
    """
    lane = NETWORKS if heavy else HANDS
    given = inspect.signature(fn).parameters.get("image")
    openers = {"image": Opener(photo_of if given and given.default is given.empty else _if_given)}
    if heavy and fetches:
        openers.update(dict.fromkeys(("model", "models", "backbone"), Opener(_fetched, FETCHES)))
    handler = guarded(typed(fn), text("en"), lane, openers=openers, patient=patient)
    # Waiting is the lanes' business: gradio's own queue lets everything through.
    gr.api(handler, api_name=name, concurrency_limit=None)


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

    To gradio, which describes it to clients, a `Photo` is the dict that they send for one.

    Raises:
        Problem: "api.wrong_type"; as `finite`.
    """
    hints, signature = get_type_hints(fn), inspect.signature(fn)
    validated = validate_call(fn, config={"arbitrary_types_allowed": True})

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            answer = validated(*args, **kwargs)
        except ValidationError as error:
            first = error.errors()[0]
            place = first["loc"][0]
            name = list(hints)[place] if isinstance(place, int) else place
            raise Problem("api.wrong_type", name=name, reason=first["msg"]) from error
        return _each_finite(answer) if inspect.isgenerator(answer) else finite(answer)

    sent = {Photo: dict, Photo | None: dict | None}
    call.__annotations__ = {name: sent.get(hint, hint) for name, hint in hints.items()}
    parameters = [
        one.replace(annotation=call.__annotations__[name])
        for name, one in signature.parameters.items()
    ]
    call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return call


def _each_finite(steps: Iterator[Any]) -> Iterator[Any]:
    yield from map(finite, steps)


def _if_given(image: Any) -> Photo | None:
    return None if image is None else photo_of(image)


def uploaded(image: Any) -> str:
    """The path of a picture that a client names with `handle_file(path)` or after /upload.

    Raises:
        Problem: "api.no_image" if there is none or it was not uploaded here.
    """
    path = image.get("path") if isinstance(image, dict) else None
    if not isinstance(path, str):
        raise Problem("api.no_image")
    try:
        file = Path(path).resolve()
        # gr.api checks no paths: without this, a client could name any picture of the machine.
        known = file.is_relative_to(Path(get_upload_folder()).resolve()) and file.is_file()
    except (OSError, ValueError):
        # A null byte, a lone surrogate, a name that is too long.
        known = False
    if not known:
        raise Problem("api.no_image")
    return str(file)


def photo_of(image: Any) -> Photo:
    """The picture that a client uploaded.

    Raises:
        Problem: as `uploaded` and `photos.load`.
    """
    photo = photos.load(photos.of_file(uploaded(image)))
    assert photo is not None
    return photo


def _fetched(named: Any) -> Any:
    """The same, after the networks that it names were downloaded where they can be."""
    for key in named if isinstance(named, list) else [named]:
        # What is wrong with it, the endpoint says itself.
        with contextlib.suppress(Problem):
            weights.fetch(spec(str(key)))
    return named


def index_of(one: ModelSpec, label: str | int) -> int | None:
    """Index of the class that a client names, None for "".

    Raises:
        Problem: as `labels.index_of`.
    """
    if not str(label).strip():
        return None
    return labels.index_of(one.dataset, one.labels, label, one.title)
