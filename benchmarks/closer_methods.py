"""Whether maps beat maps that know nothing: what `python -m benchmarks.closer --data DIR` does."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from demo.engine.predict import scores
from demo.engine.runs import DEEP, RUNS
from demo.records import Photo
from demo.topics.closer.explain import Question, explain
from demo.topics.closer.faithful import blurred, curve, order_of
from demo.topics.closer.records.maps import METHODS
from demo.topics.closer.records.measured import MEASURES, Measured, Row, Sample, row
from demo.topics.closer.records.trials import Order
from demo.zoo.loading import LoadedModel, load
from demo.zoo.vision import timm

POINTS = 9
"""Of a curve: half as close as the page draws them."""
WINDOW, STRIDE = 0.25, 0.125
"""Of occlusion, as the page has them at first."""
ARCHIVES = {"cifar10": "cifar10.zip", "imagenet": "imagenet_samples.zip"}


class Picture(NamedTuple):
    """A photo and what it shows."""

    photo: Photo
    index: int


def pictures(data: Path, loaded: LoadedModel, count: int) -> Iterator[Picture]:
    """That many of the network's own kind, evenly taken: CIFAR-10's test pictures
    (`test/CLASS/*.jpg`), ImageNet photos (`n01234567_some_class.JPEG`).
    """
    kind, labels = loaded.spec.dataset, loaded.spec.labels
    with zipfile.ZipFile(data / ARCHIVES[kind]) as opened:
        names = sorted(one for one in opened.namelist() if one.lower().endswith((".jpg", ".jpeg")))
        names = [one for one in names if one.startswith("test/")] or names
        ids = _imagenet() if kind == "imagenet" else {}
        for place in np.linspace(0, len(names) - 1, min(count, len(names))).round().astype(int):
            name = names[place]
            shows = ids[name.partition("_")[0]] if ids else labels.index(name.split("/")[1])
            with Image.open(io.BytesIO(opened.read(name))) as picture:
                yield Picture(Photo(name, np.asarray(picture.convert("RGB"))), shows)


def _imagenet() -> dict[str, int]:
    """Class id -> index of the network's output."""
    names = timm.data.ImageNetInfo().label_names()
    return {name: index for index, name in enumerate(names)}


def areas(loaded: LoadedModel, picture: Picture) -> dict[str, dict[str, dict[str, float]]]:
    """Method -> measure -> "map", "random", "edges" -> area, for the class that is shown."""
    x, _ = loaded.prepare(picture.photo)
    baseline = blurred(x)

    def probability(some: Tensor) -> Tensor:
        with loaded.lock, torch.no_grad():
            return loaded.spec.probabilities(loaded.network(some))[:, picture.index]

    def both(order: Order, heat: Tensor) -> dict[str, float]:
        places = order_of(order, heat, x)
        ends = {"deletion": (x, baseline), "insertion": (baseline, x)}
        return {one: curve(probability, *ends[one], places, POINTS).area for one in MEASURES}

    edges = both("edges", torch.zeros(1, 1))
    random: dict[tuple[int, ...], dict[str, float]] = {}
    found = {}
    for method in METHODS:
        question = Question(method, picture.index, window=WINDOW, stride=STRIDE)
        heat = torch.from_numpy(explain(loaded, picture.photo, question).raw)
        shape = tuple(heat.shape)
        if shape not in random:
            random[shape] = both("random", heat)
        own = both("map", heat)
        orders = {"map": own, "random": random[shape], "edges": edges}
        found[method] = {
            measure: {name: round(values[measure], 6) for name, values in orders.items()}
            for measure in MEASURES
        }
    return found


def measure(data: Path, key: str, count: int, kept: Path | None) -> tuple[Sample, list[Row]]:
    """One network's rows; what the file `kept` holds of it is not computed again."""
    loaded = load(key)
    done = _read(kept, key)
    for picture in pictures(data, loaded, count):
        if picture.photo.key in done:
            continue
        right = scores(loaded, picture.photo).top == picture.index
        line = {"model": key, "photo": picture.photo.key, "right": bool(right)}
        line["areas"] = areas(loaded, picture)
        done[picture.photo.key] = line
        if kept is not None:
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        RUNS.clear()
        DEEP.clear()
    rows = [row(key, one, [line["areas"][one] for line in done.values()]) for one in METHODS]
    source = ARCHIVES[loaded.spec.dataset]
    return Sample(key, source, len(done), sum(line["right"] for line in done.values())), rows


def _read(kept: Path | None, key: str) -> dict[str, dict]:
    if kept is None or not kept.exists():
        return {}
    lines = map(json.loads, kept.read_text("utf-8").splitlines())
    return {line["photo"]: line for line in lines if line["model"] == key}


def told(samples: list[Sample], rows: list[Row]) -> Iterator[str]:
    """The table in Markdown: gains over both decoys, more is better."""
    yield "| network | method | deletion, random | edges | insertion, random | edges |"
    yield "|---|---|---|---|---|---|"
    for one in rows:
        cells = [
            f"{gain.mean:+.3f} ± {gain.error:.3f}"
            for measure in MEASURES
            for gain in one.gains[measure].values()
        ]
        yield f"| {one.model} | {one.method} | {' | '.join(cells)} |"
    for sample in samples:
        yield f"{sample.model}: {sample.right} of {sample.pictures} of {sample.source} recognised"


def written(found: Measured) -> str:
    """The table as the file that the page reads, numbers to five digits."""
    table = json.loads(json.dumps(asdict(found)), parse_float=lambda one: round(float(one), 5))
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"
