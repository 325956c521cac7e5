"""What opening a scene costs the server, beside the whole topic as one page of sections.

`python -m benchmarks.scenes [--against FOLDER]`: a browser walks every scene of every topic, on a
photo that the server has not seen, and reads after each how many processor seconds the server has
used and which scenes it was asked to draw. FOLDER is a checkout from before there were scenes:
there the topic's tab is opened once, which draws all its sections; both run in turn, so that all
scenes of a topic beside its tab are a ratio in one run.
"""

from __future__ import annotations

import argparse
import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, Request, sync_playwright

from benchmarks.running import App, family, running
from demo.page.shell import all_scenes
from demo.topics.order import TOPICS
from tests import chromium

SEEN, UNSEEN = "plane", "ship"
"""Examples: the first is asked before, so that networks and code are loaded."""
CALM = 3
"""Readings, a fifth of a second apart, in which the server has done nothing: it is through."""


def processor(app: App) -> float:
    """Seconds of processor time that the app and all that it started have used."""
    total = 0.0
    for process in family(app.pid):
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
    return total


def through(app: App) -> float:
    """The same once the app has nothing more to do."""
    before, calm = processor(app), 0
    while calm < CALM:
        time.sleep(0.2)
        now = processor(app)
        calm = calm + 1 if now - before <= 0.01 else 0
        before = now
    return before


def drawings(url: str) -> dict[int, str]:
    """Number of an event -> the scene that it draws, for all events that draw one."""
    with urllib.request.urlopen(f"{url}config") as answer:
        config = json.load(answer)
    names = {one["id"]: one["props"].get("elem_id") or "" for one in config["components"]}
    scene_of: dict[int, str] = {}

    def walk(node: dict[str, Any], scene: str) -> None:
        name = names.get(node["id"], "")
        scene = name if name.startswith("scene-") else scene
        scene_of[node["id"]] = scene.removeprefix("scene-")
        for child in node.get("children") or []:
            walk(child, scene)

    walk(config["layout"], "")
    return {
        event["id"]: scene_of.get(event["outputs"][0], "")
        for event in config["dependencies"]
        if event["outputs"] and event["backend_fn"] and scene_of.get(event["outputs"][0])
    }


@contextmanager
def opened(url: str, example: str) -> Iterator[tuple[Page, list[int]]]:
    """A page that shows this example, and the events that it has asked the server for since."""
    asked: list[int] = []

    def note(request: Request) -> None:
        if "queue/join" in request.url:
            asked.append(json.loads(request.post_data or "{}")["fn_index"])

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page()
        page.on("request", note)
        page.goto(f"{url}?tab=compare&example={example}")
        page.wait_for_function(f"location.search.includes('example={example}')")
        yield page, asked
        browser.close()


def tab(page: Page, topic: str) -> None:
    """Open a topic as a reader does."""
    page.locator(f"#tabs [role=tab][data-tab-id='{topic}']").first.click()


def sections(app: App, example: str) -> dict[str, float]:
    """Topic -> processor seconds of opening its tab."""
    found = {}
    with opened(app.url, example) as (page, _):
        last = through(app)
        for topic in TOPICS[1:]:
            tab(page, topic.id)
            now = through(app)
            found[topic.id], last = now - last, now
    return found


def scenes(app: App, example: str) -> dict[str, tuple[float, list[str]]]:
    """Scene -> processor seconds of opening it, and the scenes that were drawn for it."""
    found = {}
    draws = drawings(app.url)
    with opened(app.url, example) as (page, asked):
        last = through(app)
        for scene in all_scenes(TOPICS[1:]):
            asked.clear()
            if page.evaluate("document.body.dataset.tab") != scene.topic:
                tab(page, scene.topic)
            else:
                page.evaluate("id => four.openScene(id)", scene.id)
            now = through(app)
            page.evaluate("0")  # lets what the browser has noted come in
            found[scene.id] = (now - last, [draws[one] for one in asked if one in draws])
            last = now
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", type=Path, help="a checkout from before there were scenes")
    against = parser.parse_args().against
    with running() as app:
        scenes(app, SEEN)
        found = scenes(app, UNSEEN)
    before: dict[str, float] = {}
    if against:
        with running(against) as app:
            sections(app, SEEN)
            before = sections(app, UNSEEN)
    print(f"{'scene':14} {'processor s':>12}  drawn")
    for topic in TOPICS[1:]:
        for scene in topic.scenes:
            seconds, drawn = found[scene.id]
            print(f"{scene.id:14} {seconds:12.2f}  {' '.join(drawn)}")
        total = sum(found[scene.id][0] for scene in topic.scenes)
        first = found[topic.scenes[0].id][0]
        line = f"= {topic.id}: first scene {first:.2f}, all {total:.2f}"
        if topic.id in before:
            line += f"; as one tab {before[topic.id]:.2f}, ratio {total / before[topic.id]:.2f}"
        print(line)


if __name__ == "__main__":
    main()
