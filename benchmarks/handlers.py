"""What the handlers of scenes cost, beside the sections that they were.

`python -m benchmarks.handlers [--against FOLDER] [--json]`: every handler of the photo's topics is
called as the page calls it, with the values that its controls begin with, on photos that it has not
seen, in a process of its own with one thread; processor milliseconds, the median of seven photos.
The first handler of a topic runs its network for all; a photo is written once for all of them.
FOLDER is a checkout from before there were scenes, where one handler draws most sections of a tab.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

TOPICS = ("residual", "densenet", "inception")
"""Those whose sections show a photo and became scenes."""
PHOTOS = 8
"""Of which the first loads networks and code."""


def measured() -> list[tuple[str, str, float]]:
    """Topic, what is drawn, milliseconds: of the checkout in the working folder."""
    sys.path.insert(0, os.getcwd())
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    blocks = importlib.import_module("app").build()
    house = "demo.page" if Path("demo/page").is_dir() else "demo.tabs"
    photos = importlib.import_module(f"{house}.photos")
    seen = [photos.load(photos.of_example(name)) for name in list(photos.EXAMPLES)[:PHOTOS]]
    return [
        (topic, name, milliseconds(handler, seen, values))
        for topic, name, handler, values in handlers(blocks)
    ]


def handlers(blocks: Any) -> Iterator[tuple[str, str, Callable[..., Any], list[Any]]]:
    """Topic, what is drawn, the handler and its other values, of all that look at a photo."""
    known: set[tuple[str, str]] = set()
    for event in blocks.fns.values():
        handler = getattr(event.fn, "__wrapped__", None)
        if handler is None or next(iter(inspect.signature(handler).parameters), "") != "photo":
            continue
        above = list(ancestors(event.outputs[0]))
        topic = next((one.id for one in above if type(one).__name__ == "Tab"), "")
        drawn = "+".join(one.elem_id for one in event.outputs if one.elem_id) or "all"
        ids = [one.elem_id or "" for one in above]
        scene = next((one for one in ids if one.startswith("scene-")), "")
        name = scene.removeprefix("scene-") or drawn
        # A button's handler is no part of opening anything.
        pressed = any(trigger == "click" for _, trigger in event.targets)
        # The other language's page has the same again.
        if topic not in TOPICS or pressed or (topic, drawn) in known:
            continue
        known.add((topic, drawn))
        yield topic, name, handler, [getattr(one, "value", None) for one in event.inputs[1:]]


def ancestors(block: Any) -> Iterator[Any]:
    """What a component lies in, from the inside out."""
    while (block := getattr(block, "parent", None)) is not None:
        yield block


def milliseconds(handler: Callable[..., Any], photos: list[Any], values: list[Any]) -> float:
    """Processor time of one call on a photo, the median of all but the first."""
    spent = []
    for photo in photos:
        begun = time.process_time()
        answer = handler(photo, *values)
        if inspect.isgenerator(answer):
            list(answer)
        spent.append(1000 * (time.process_time() - begun))
    return statistics.median(spent[1:])


def elsewhere(folder: Path) -> list[tuple[str, str, float]]:
    """The same of another checkout, by this file."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--one"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="a checkout from before there were scenes")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", action="store_true", help="measure the working folder alone")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured()))
        return
    found = {"scenes": elsewhere(Path.cwd())}
    if asked.against:
        found["sections"] = elsewhere(asked.against)
    if asked.json:
        print(json.dumps(found))
        return
    for kind, rows in found.items():
        for topic, mine in groupby(rows, key=lambda row: row[0]):
            each = list(mine)
            total = sum(row[2] for row in each)
            words = ", ".join(f"{name} {spent:.1f}" for _, name, spent in each)
            print(f"{kind:8} {topic:10} {total:6.1f} ms: {words}")


if __name__ == "__main__":
    main()
