"""The sets of networks, and what the choice says of those that are not on this machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from demo.text import text
from demo.topics.compare.scenes import bar
from demo.zoo import weights
from demo.zoo.catalogue import spec

MINIS = ["mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext"]
LITE = "efficientnet_lite0"
RELATIVES = ["resnet50", "densenet121", "googlenet", "resnext50_32x4d"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of downloaded weights."""
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path))
    return tmp_path


def put(folder: Path, key: str) -> None:
    """A file where that network's weights would be."""
    (folder / spec(key).weights.location.rpartition("/")[2]).write_bytes(b"")
    assert weights.readiness(spec(key)) == "downloaded"


def pressed(html: str) -> list[tuple[str, str, str]]:
    """(set, pressed, words) of each button."""
    return re.findall(r'data-set="(\w+)" aria-pressed="(\w+)"[^>]*>([^<]*)</button>', html)


def test_the_sets_and_their_members(folder: Path) -> None:
    assert bar.members("small") == (MINIS, [])
    assert bar.members("relatives") == ([], RELATIVES)
    assert bar.members("here") == (MINIS, [LITE])
    put(folder, "googlenet")
    assert bar.members("here") == (MINIS, [LITE, "googlenet"])


def test_relatives_say_how_much_they_need(folder: Path) -> None:
    drawn = bar._sets(MINIS, [LITE], text("en"))
    assert pressed(drawn) == [
        ("small", "false", "The four small ones"),
        ("relatives", "false", "Full-size relatives · 287 MB"),
        ("here", "true", "Everything here"),
    ]
    put(folder, "resnet50")
    assert pressed(bar._sets(MINIS, [], text("ja"))) == [
        ("small", "true", "小さな4つ"),
        ("relatives", "false", "大きな4つ・185 MB"),
        ("here", "false", "ここにある全部"),
    ]
    for key in RELATIVES:
        put(folder, key)
    assert pressed(bar._sets([], RELATIVES, text("en")))[1] == (
        "relatives",
        "true",
        "Full-size relatives",
    )


def test_the_order_of_clicks_does_not_matter_to_a_set() -> None:
    assert pressed(bar._sets(MINIS[::-1], [], text("en")))[0][1] == "true"


def test_a_choice_says_what_it_needs(folder: Path) -> None:
    english = [bar._choice(spec(key), text("en"))[0] for key in ("resnet50", LITE)]
    assert english == ["+ ResNet-50 · 25.6 M · needs 103 MB", "• EfficientNet-Lite0 · 4.65 M"]
    japanese = bar._choice(spec("resnet50"), text("ja"))[0]
    assert japanese == "+ ResNet-50・2,556万・103 MBが必要"
    put(folder, "resnet50")
    assert bar._choice(spec("resnet50"), text("en"))[0] == "+ ResNet-50 · 25.6 M"


def test_what_is_not_here_is_muted(folder: Path) -> None:
    assert "resnet50" in bar._absent()
    assert LITE not in bar._absent()
    style = bar.network_sets.absent(bar._absent())
    assert '[name="resnet50"]' in style
    put(folder, "resnet50")
    assert '[name="resnet50"]' not in bar.network_sets.absent(bar._absent())
    assert bar.network_sets.absent([]) == ""
