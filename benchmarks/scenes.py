"""What opening a scene costs the server, beside the whole topic as one page of sections.

`python -m benchmarks.scenes [--against FOLDER]`: a browser walks every scene of every topic, on a
photo that the server has not seen, and reads after each how many processor seconds the server has
used and which scenes it was asked to draw. "computed" is what all threads but the server's loop
have used: the handlers themselves, without the requests around them, of which every scene has one.
FOLDER is a checkout from before there were scenes: there the topic's tab is opened once, which
draws all its sections; both run in turn, so that all scenes of a topic beside its tab are a ratio
in one run. Linux alone counts threads finely enough.
"""

from __future__ import annotations

import argparse
import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Request, sync_playwright

from benchmarks.running import App, family, running
from demo.page.shell import all_scenes
from demo.topics.order import TOPICS
from tests import chromium

SEEN, UNSEEN = "plane", "ship"
"""Examples: the first is asked before, so that networks and code are loaded."""
KNOCKS = 300
"""Requests that compute nothing: they show which thread is the server's loop."""
CALM = 3
"""Readings, a fifth of a second apart, in which the server has done nothing: it is through."""


@dataclass(frozen=True)
class Spent:
    """Processor seconds: whole, of the app and all that it started; computed, without its loop."""

    whole: float
    computed: float

    def since(self, before: Spent) -> Spent:
        """What was spent after `before`."""
        return Spent(self.whole - before.whole, self.computed - before.computed)


class Clock:
    """Reads what an app has spent."""

    def __init__(self, app: App) -> None:
        self.pid = app.pid
        before = self._threads()
        for _ in range(KNOCKS):
            with suppress(OSError):
                urllib.request.urlopen(f"{app.url}healthz").close()
        after = self._threads()
        # Whichever answers when there is nothing to compute.
        self.loop = max(after, key=lambda one: after[one] - before.get(one, 0.0))

    def now(self) -> Spent:
        """Up to now."""
        threads = self._threads()
        whole = sum(threads.values())
        return Spent(whole, whole - threads.get(self.loop, 0.0))

    def through(self) -> Spent:
        """The same once the app has nothing more to do."""
        before, calm = self.now(), 0
        while calm < CALM:
            time.sleep(0.2)
            now = self.now()
            calm = calm + 1 if now.whole - before.whole <= 0.01 else 0
            before = now
        return before

    def _threads(self) -> dict[str, float]:
        found = {}
        for process in family(self.pid):
            for path in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
                with suppress(OSError):
                    found[path.parent.name] = int(path.read_text("utf-8").split()[0]) / 1e9
        return found


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


def sections(app: App, example: str) -> dict[str, Spent]:
    """Topic -> what opening its tab costs, for the topics that the checkout has."""
    found = {}
    clock = Clock(app)
    with opened(app.url, example) as (page, _):
        last = clock.through()
        for topic in TOPICS[1:]:
            if not page.locator(f"#tabs [role=tab][data-tab-id='{topic.id}']").count():
                continue
            tab(page, topic.id)
            now = clock.through()
            found[topic.id], last = now.since(last), now
    return found


def scenes(app: App, example: str) -> dict[str, tuple[Spent, list[str]]]:
    """Scene -> what opening it costs, and the scenes that were drawn for it."""
    found = {}
    clock = Clock(app)
    draws = drawings(app.url)
    with opened(app.url, example) as (page, asked):
        last = clock.through()
        for scene in all_scenes(TOPICS[1:]):
            asked.clear()
            if page.evaluate("document.body.dataset.tab") != scene.topic:
                tab(page, scene.topic)
            else:
                page.evaluate("id => four.openScene(id)", scene.id)
            now = clock.through()
            page.evaluate("0")  # lets what the browser has noted come in
            found[scene.id] = (now.since(last), [draws[one] for one in asked if one in draws])
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
    before: dict[str, Spent] = {}
    if against:
        with running(against) as app:
            sections(app, SEEN)
            before = sections(app, UNSEEN)
    print(f"{'scene':14} {'processor s':>12} {'computed':>9}  drawn")
    for topic in TOPICS[1:]:
        spent = [found[scene.id] for scene in topic.scenes]
        for scene, (one, drawn) in zip(topic.scenes, spent, strict=True):
            print(f"{scene.id:14} {one.whole:12.3f} {one.computed:9.3f}  {' '.join(drawn)}")
        whole = sum(one.whole for one, _ in spent)
        computed = sum(one.computed for one, _ in spent)
        print(
            f"= {topic.id}: first scene {spent[0][0].whole:.2f}, all {whole:.2f} ({computed:.2f})"
        )
        if tab_ := before.get(topic.id):
            print(
                f"  as one tab {tab_.whole:.2f} ({tab_.computed:.2f}): "
                f"ratio {whole / tab_.whole:.2f}, computed {computed / tab_.computed:.2f}"
            )


if __name__ == "__main__":
    main()
