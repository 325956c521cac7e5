"""Gradio's components where they take in values as we want it, in the reader's language."""

from __future__ import annotations

import hashlib
import os
import secrets
from abc import ABCMeta
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio.data_classes import ImageData
from numpy.typing import NDArray
from PIL import Image

from demo import temporary
from demo.records import Problem

Taking = Callable[[Any, Any], Any]
"""(component, what the browser sent) -> what the handler gets."""
Showing = Callable[[Any, Any], Any]
"""(component, what the handler gives) -> what the browser is sent."""
_SECRET = secrets.token_bytes(32)
"""Without it nobody can work out where the picture of a photo lies."""


def photo_input(**options: Any) -> gr.Image:
    """An image input that hands over the file unopened: reading it, and refusing it, is ours.

    It shows pixels (H, W, 3), uint8.
    """
    # Gradio opens the file itself otherwise, and a corrupt one then only says "Error".
    image = gr.Image(type="filepath", image_mode=None, format="webp", **options)
    return taking(image, _path, _picture)


def optional_number(empty: str, **options: Any) -> gr.Number:
    """A number from 0 up that may be left out; `empty` says what that means."""
    # Gradio shows None as 0 when the page opens, and an empty text as nothing.
    nothing: Any = ""
    return gr.Number(nothing, minimum=0, placeholder=empty, **options)


def bounded(component: gr.Number | gr.Slider) -> None:
    """Let a number refuse what is out of bounds in our words, a slider take its nearer end.

    A slider's own box goes there too, as soon as it is left.
    """
    taking(component, _nearest if isinstance(component, gr.Slider) else _refusing)


def changing(component: gr.Radio | gr.CheckboxGroup) -> Any:
    """A choice whose options follow what else is chosen; the handler knows which there are.

    A session that the server forgot knows only the first ones: Gradio would refuse the others.
    """
    return taking(component, _as_sent)


def taking(component: Any, take: Taking, show: Showing | None = None) -> Any:
    """The component, whose `preprocess` is `take` from now on, and its `postprocess` `show`."""
    component.__class__ = _kind(type(component), take, show)
    return component


@cache
def _kind(base: type, take: Taking, show: Showing | None) -> type:
    """A subclass that passes for its base.

    An update, and be it `gr.skip()`, makes the component anew for its session from its class, so
    that a method of the instance alone would be lost. Gradio's own way to a subclass would write a
    file beside the source, and count it as a custom component with a frontend of its own.
    """
    body = {"preprocess": take, "__module__": base.__module__, "__doc__": base.__doc__}
    if show:
        body["postprocess"] = show
    return ABCMeta.__new__(type(base), base.__name__, (base,), body)


def _as_sent(_: Any, payload: Any) -> Any:
    return payload


def _path(_: gr.Image, payload: Any) -> str | None:
    return payload.path if payload is not None else None


def _picture(image: gr.Image, pixels: NDArray[np.uint8] | None) -> ImageData | None:
    """The pixels as a file that is written once and whole.

    Gradio writes it anew each time, also while it is on its way to somebody else who sees the same
    photo, and whose browser then gets a part of it.
    """
    if pixels is None:
        return None
    drawn = hashlib.blake2b(np.ascontiguousarray(pixels), digest_size=32, key=_SECRET)
    drawn.update(repr(pixels.shape).encode())
    folder = Path(image.GRADIO_CACHE) / drawn.hexdigest()
    file = folder / f"image.{image.format}"
    # In use again: it is not deleted before the browser asks for it.
    temporary.touch(file)
    if not file.exists():
        folder.mkdir(exist_ok=True)
        whole = folder / secrets.token_urlsafe(9)
        try:
            Image.fromarray(pixels).save(whole, image.format)
            os.replace(whole, file)
        except PermissionError:
            # On Windows, where another has just written it and somebody reads it.
            if not file.exists():
                raise
        finally:
            whole.unlink(missing_ok=True)
    return ImageData(path=str(file), orig_name=file.name)


def _nearest(slider: gr.Slider, payload: Any) -> float:
    value = slider.minimum if payload in (None, "") else payload
    inside = min(max(value, slider.minimum), slider.maximum)
    return gr.Number.round_to_precision(inside, slider.precision)


def _refusing(number: gr.Number, payload: Any) -> float | None:
    if payload in (None, ""):
        return None
    least, most = number.minimum, number.maximum
    if (least is not None and payload < least) or (most is not None and payload > most):
        key = "page.at_least" if most is None else "page.between"
        raise Problem(key, label=number.label, least=least, most=most)
    return gr.Number.round_to_precision(payload, number.precision)
