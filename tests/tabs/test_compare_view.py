"""What the comparison shows while networks answer, fail or are fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from demo.lane import Turn
from demo.records import Problem
from demo.tabs import fetching, photos
from demo.tabs.compare_view import View, asked
from demo.text import text
from demo.zoo import weights
from demo.zoo.catalogue import spec

MINIS = ["mini_resnet", "mini_densenet"]


@pytest.fixture(autouse=True)
def _nothing_refused() -> Iterator[None]:
    yield
    weights.REFUSED.clear()


def view(
    small: list[str],
    large: list[str] | None = None,
    label: str = "",
    k: int = 3,
    example: str = "ship",
) -> View:
    ref = photos.of_example(example)
    photo = photos.load(ref)
    assert photo is not None
    return View(text("en"), photo, [ref], asked(small, large or [], label, k, "last"))


def keys(html: str) -> list[str]:
    return re.findall(r'data-model="(\w+)"', html)


def test_cards_come_one_by_one_in_the_order_chosen() -> None:
    steps = list(view(["mini_densenet", "mini_resnet"]).cards())
    pages = [step for step in steps if isinstance(step, str)]
    # Others may go first before each network, and before the one that judges the photo.
    assert [isinstance(step, Turn) for step in steps] == [False, True, True, False, True, False]
    assert [page.count("skeleton") for page in pages] == [2, 1, 0]
    assert all(keys(page) == ["mini_densenet", "mini_resnet"] for page in pages)
    assert pages[-1].count('data-rank="3"') == 2 + 1  # both cards, and what they say together


def test_the_photo_travels_once_a_page() -> None:
    last = list(view(MINIS).cards())[-1]
    assert last.count("data:image/webp") == 1


def test_a_class_that_one_network_does_not_know() -> None:
    last = list(view(MINIS, ["efficientnet_lite0"], "ship").cards())[-1]
    assert re.sub(r"</?button[^>]*>", "", last).count("Grad-CAM for ship") == 2
    assert "It has no class “ship”" in last


def test_nothing_chosen_says_what_to_do() -> None:
    assert list(view([]).cards()) == [f'<div class="empty">{text("en")("compare.no_models")}</div>']


def test_an_absent_network_waits_and_then_gives_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path_factory.mktemp("none")))
    waiting = list(view(["mini_resnet"], ["resnet50"]).cards())[-1]
    assert text("en")("card.to_download") in waiting
    monkeypatch.setenv("FOUR_FAMILIES_MIRROR", "http://127.0.0.1:9/")  # nobody answers there
    shown = list(fetching.downloads(["resnet50", "mini_resnet"], text("en")))
    assert shown[-1] == ("", "")
    assert [key for _, key in shown if key] == ["resnet50"]
    assert all("Downloading ResNet-50: 0 of " in html for html, _ in shown[:-1])
    assert isinstance(weights.REFUSED["resnet50"], Problem)
    refused = list(view(["mini_resnet"], ["resnet50"]).cards())[-1]
    assert "<code>python run.py fetch resnet50</code></details>" in refused
    assert keys(refused) == ["mini_resnet", "resnet50"]


def test_the_grid_gives_an_unreadable_photo_its_own_row(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    broken = tmp_path_factory.mktemp("grid") / "<b>.png"
    broken.write_bytes(b"\x89PNG")
    made = view(MINIS)
    refs = [photos.of_example("ship"), photos.of_file(str(broken)), photos.of_example("car")]
    steps = list(View(made.t, made.photo, refs, made.asked).grid())
    rows = [step for step in steps if isinstance(step, str)]
    assert [page.count("<tr") for page in rows] == [2, 3, 4]  # the head, then a row each
    assert rows[-1].count('class="overlay"') == 4
    assert "&lt;b&gt;.png" in rows[-1]
    assert "<b>.png" not in rows[-1]
    # A photo is read and drawn outside the networks; its verdict and each cell wait for one.
    read, cell, draw = Turn.PHOTO, Turn.NETWORK, Turn.OUTSIDE
    row, broken_row = [read, cell, cell, cell, draw, "row"], [read, draw, "row"]
    assert [step if isinstance(step, Turn) else "row" for step in steps] == [
        *row,
        *broken_row,
        *row,
    ]


def test_the_layer_is_named_for_people() -> None:
    assert spec("mini_resnet").default_layer == "stage3"
    assert "stage 3, 8×8" in list(view(["mini_resnet"]).cards())[-1]


LION = "This looks like a lion. The small networks know ten things"


def test_a_lion_is_named_over_the_small_networks_cards_before_the_first_answers() -> None:
    pages = [step for step in view(MINIS, example="lion").cards() if isinstance(step, str)]
    assert [LION in page for page in pages] == [False, True, True]
    assert pages[-1].index(LION) < pages[-1].index('class="cards')
    assert [page.count('<p class="of-ten') for page in pages] == [1, 1, 1]
    assert text("en")("compare.outside_cifar10") not in pages[-1]


def test_one_of_the_ten_is_not_denied() -> None:
    last = list(view(MINIS, ["efficientnet_lite0"], example="horse").cards())[-1]
    assert "know ten things, EfficientNet-Lite0 knows 1,000." in last
    assert "none-of-ten" not in last


def test_nothing_is_said_about_small_networks_where_there_is_none() -> None:
    pages = list(view([], ["efficientnet_lite0"], example="lion").cards())
    assert ["of-ten" in page for page in pages if isinstance(page, str)] == [False, False]


def test_the_grid_marks_the_photos_that_show_none_of_the_ten() -> None:
    made = view(MINIS)
    refs = [photos.of_example(name) for name in ("ship", "lion", "tower")]
    steps = View(made.t, made.photo, refs, made.asked).grid()
    last = [step for step in steps if isinstance(step, str)][-1]
    rows = last.split("<tr ")[1:]
    assert ["none-of-ten" in row for row in rows] == [False, True, True]
    assert "Looks like a lion: none of the ten things" in rows[1]
    assert "Seems to be none of the ten things" in rows[2]
