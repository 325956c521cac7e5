"""Several downloads as one: a bar for all, an end for each, a sentence where one fails."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from demo.page import fetching
from demo.text import text
from demo.zoo import weights
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec
from tests.zoo.server import Server, serving

ASKED = ("resnet50", "densenet121", "googlenet")
SIZES = {"resnet50": 900_000, "densenet121": 300_000, "googlenet": 600_000}


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Hands out small files as those networks' weights; an empty folder for them."""
    made: dict[str, ModelSpec] = {}
    with serving() as one:
        for key, size in SIZES.items():
            content = key.encode().ljust(size, b".")
            digest = hashlib.sha256(content).hexdigest()[:8]
            stated = replace(
                spec(key).weights,
                location=f"http://127.0.0.1:9/{key}-{digest}.pth",
                sha256=digest,
                size=size,
                hub=None,
            )
            made[key] = replace(spec(key), weights=stated)
            one.files[f"{key}-{digest}.pth"] = content
        monkeypatch.setenv("FOUR_FAMILIES_MIRROR", one.address)
        monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path / "weights"))
        monkeypatch.setattr("demo.zoo.download.PAUSE", 0.01)
        monkeypatch.setattr(fetching, "spec", lambda key: made.get(key) or spec(key))
        yield one
    weights.REFUSED.clear()


def bar(html: str) -> tuple[int, int]:
    """(done, total) in bytes."""
    (found,) = re.findall(r'<progress max="(\d+)" value="(\d+)">', html)
    return int(found[1]), int(found[0])


def test_one_bar_goes_from_nothing_to_all(server: Server) -> None:
    server.delay = 0.05
    told = list(fetching.downloads([*ASKED, "mini_resnet"], text("en")))
    assert [key for _, key in told if key] == list(ASKED)
    assert told[-1] == ("", "")
    bars = [bar(html) for html, _ in told[:-1]]
    assert {total for _, total in bars} == {sum(SIZES.values())}
    assert [done for done, _ in bars] == sorted(done for done, _ in bars)
    assert bars[-1] == (1_800_000, 1_800_000)
    assert any(0 < done < 1_800_000 for done, _ in bars)
    assert all(
        "Downloading ResNet-50, DenseNet-121 and GoogLeNet: " in html for html, _ in told[:-1]
    )
    assert all(weights.readiness(fetching.spec(key)) == "downloaded" for key in ASKED)


def test_one_that_fails_has_its_reason_and_holds_up_no_other(server: Server) -> None:
    del server.files[next(name for name in server.files if name.startswith("densenet121"))]
    told = list(fetching.downloads(ASKED, text("ja")))
    assert [key for _, key in told if key] == list(ASKED)
    assert weights.REFUSED.keys() == {"densenet121"}
    assert weights.REFUSED["densenet121"].key == "problem.not_served"
    # What does not come is not waited for.
    assert bar(told[-2][0]) == (1_500_000, 1_500_000)
    assert "ダウンロード中：2 MBのうち2 MB" in told[-2][0]


def test_without_a_server_each_says_so(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOUR_FAMILIES_MIRROR", "http://127.0.0.1:9/")
    assert [key for _, key in fetching.downloads(ASKED, text("en")) if key] == list(ASKED)
    assert {one.key for one in weights.REFUSED.values()} == {"problem.needs_download"}
    assert weights.REFUSED.keys() == set(ASKED)


def test_what_nobody_thought_of_ends_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(one: ModelSpec, report: object) -> Path:
        raise RuntimeError(one.key)

    monkeypatch.setattr("demo.zoo.weights.fetch", broken)
    assert [key for _, key in fetching.downloads(ASKED, text("en")) if key] == list(ASKED)
    assert {one.key for one in weights.REFUSED.values()} == {"page.unexpected"}


def test_what_hears_of_ends_hears_of_each_once(server: Server) -> None:
    told = list(fetching.ends(ASKED, "before", text("en")))
    assert sorted({token for _, token in told}) == [
        "before",
        "before resnet50",
        "before resnet50 densenet121",
        "before resnet50 densenet121 googlenet",
    ]
    assert told[-1] == ("", "before resnet50 densenet121 googlenet")


def test_nothing_to_fetch_shows_nothing_and_tells_nobody() -> None:
    here = ["mini_resnet", "efficientnet_lite0"]
    assert list(fetching.downloads(here, text("en"))) == []
    assert list(fetching.ends(here, "before", text("en"))) == []
