"""The JSON API of training: /transfer."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demo import temporary
from demo.lane import Turn
from demo.page import question
from demo.page.endpoint import offer, uploaded
from demo.page.wiring import sentence
from demo.photo import read_once
from demo.records import Problem
from demo.text import text
from demo.topics.train.archive import reading
from demo.topics.train.export import head_file, network_file, script
from demo.topics.train.records import Mode, PhotoSet, Skipped, shown_name
from demo.topics.train.scenes.seats import SEATS
from demo.topics.train.training import Trained, head_of, training
from demo.zoo.catalogue import spec
from demo.zoo.loading import load
from demo.zoo.spec import ModelSpec

MOST_EPOCHS = 100


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(transfer, "transfer")


def transfer(
    zip: dict,
    backbone: str = "efficientnet_lite0",
    mode: Mode = "head",
    epochs: int = 0,
    seed: int = 0,
    per_class: int = 0,
) -> Iterator[Any]:
    """Replace a network's classifier and train it on your photos: a zip with a folder a class.

    Two to ten classes, 500 photos, 120 seconds, once there is a place: four train at a time, the
    others wait. `mode` "head" trains the new layer alone, "block" the last block as well; `epochs`
    0 is what suits the mode. The `seed` chooses the photos that are held out, a quarter of each
    class, or all but `per_class`. Gives `classes`, the names of the photos in `train` and
    `held_out`, `accuracy` on those (0 to 1) with its 95 % `interval`, `confusion` (rows: true
    classes), which photos it got `wrong`, `seconds`, what was `skipped` and why, and `head`, a
    safetensors file with the labels in its metadata: the new layer alone, with "block" the whole
    network, which `script` loads with torchvision or timm alone ("" for the four small networks,
    which neither has).
    """
    path = Path(uploaded(zip))
    one = spec(backbone)
    if not 0 <= epochs <= MOST_EPOCHS or seed < 0 or per_class < 0:
        raise Problem("train.problem.numbers", most=MOST_EPOCHS)
    asks = question.asking()
    # A call without a session is one of its own.
    visitor = asks._replace(session=asks.session or secrets.token_urlsafe(9))
    with SEATS.taken(visitor, question.listening()) as place:
        while place():
            yield Turn.NETWORK
        yield Turn.PHOTO
        photos: PhotoSet | int | None = None
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            for reached in reading(path, Path(folder), read_once):
                photos = reached
                yield Turn.PHOTO
        assert isinstance(photos, PhotoSet)
        yield Turn.NETWORK
        network, key = load(backbone), secrets.token_urlsafe(9)
        for step in training(network, photos, key, mode, seed, epochs, per_class):
            place()
            if isinstance(step, Trained):
                yield Turn.OUTSIDE
                yield answer(one, photos, step, mode)
            else:
                yield Turn.NETWORK


def answer(one: ModelSpec, photos: PhotoSet, trained: Trained, mode: Mode) -> dict[str, Any]:
    """What /transfer says."""
    result = trained.result
    if mode == "head":
        content = head_file(one, head_of(trained.loaded), result.classes)
    else:
        content = network_file(one, trained.loaded)
    file = temporary.place_for(f"{one.key}-{mode}.safetensors")
    file.write_bytes(content)
    return {
        "classes": list(result.classes),
        "train": [photos.names[place] for place in result.split.train],
        "held_out": [photos.names[place] for place in result.split.held_out],
        "accuracy": result.accuracy,
        "interval": list(result.interval),
        "confusion": result.confusion.tolist(),
        "wrong": [photos.names[place] for place in result.wrong],
        "seconds": result.seconds,
        "stopped": result.stopped,
        "skipped": [_skipped(row) for row in photos.skipped],
        "script": script(one, len(result.classes)) if mode == "block" else "",
        "head": {"path": str(file), "meta": {"_type": "gradio.FileData"}},
    }


def _skipped(row: Skipped) -> dict[str, str]:
    return {"name": shown_name(row.name), "why": sentence(row.why, text("en"))}
