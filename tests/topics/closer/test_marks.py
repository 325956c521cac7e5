"""Mark, then reveal: what the text of a mark keeps, how far maps lie in it, and the scene."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from demo.engine.gradcam import heat_map
from demo.page.page import _PLAIN
from demo.records import Box, HeatMap, Photo
from demo.text import LANGUAGES, text
from demo.topics.closer.figures import mark as figure
from demo.topics.closer.marking import marked
from demo.topics.closer.numbers.overlap import on_cells, overlap
from demo.topics.closer.records.marks import Mark, Overlap, owner, revealed, shape_of
from demo.topics.closer.scenes import mark as scene
from demo.topics.closer.scenes.chosen import FIVE
from demo.zoo.loading import load
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import linear

Loaded = Callable[..., Any]
FULL = Box(0.0, 0.0, 1.0, 1.0)


def of(rows: list[str]) -> Mark:
    """["#.", ".."]: what is marked of two by two cells."""
    return Mark(np.array([[cell == "#" for cell in row] for row in rows]))


def heat(values: list[list[float]], seen: Box = FULL) -> HeatMap:
    return HeatMap("m", "p", "l", 0, np.array(values, np.float32), 0.0, 1.0, seen)


def beside(values: list[list[float]], rows: list[str], seen: Box = FULL) -> Overlap:
    return overlap(heat(values, seen), "cat", 0.5, of(rows))


RAMP = [[0.0, 0.1], [0.3, 0.6]]


def test_share_overlap_and_peak_by_hand() -> None:
    # A cell a place. Inside: 0.3 of 1. The two highest are below: one of three in common.
    found = beside(RAMP, ["#.", "#."])
    assert (found.share, found.iou, found.inside) == (
        pytest.approx(0.3),
        pytest.approx(1 / 3),
        False,
    )
    found = beside(RAMP, ["..", "##"])
    assert (found.share, found.iou, found.inside) == (pytest.approx(0.9), 1.0, True)
    found = beside(RAMP, ["..", ".#"])
    assert (found.share, found.iou, found.inside) == (pytest.approx(0.6), 1.0, True)
    found = beside(RAMP, ["#.", ".."])
    assert (found.share, found.iou, found.inside) == (0.0, 0.0, False)


def test_only_what_speaks_for_the_class_is_counted() -> None:
    # All four are marked, three places are above 0.
    found = beside(RAMP, ["##", "##"])
    assert (found.share, found.iou, found.inside) == (pytest.approx(1.0), 0.75, True)
    empty = beside([[0.0, 0.0], [0.0, 0.0]], ["##", ".."])
    assert (empty.share, empty.iou, empty.inside) == (0.0, 0.0, False)


def test_equal_places_are_taken_in_order() -> None:
    found = beside([[1.0, 1.0], [1.0, 1.0]], [".#", ".#"])
    # The first two are taken: one in common, three in both together.
    assert (found.share, found.iou, found.inside) == (0.5, pytest.approx(1 / 3), False)


def test_a_map_covers_what_its_network_sees() -> None:
    middle = Box(0.25, 0.0, 0.75, 1.0)
    cells = on_cells(np.array([[2.0, 4.0]]), middle, (1, 8))
    # Middles of the cells: 1/16, 3/16, ...; the map's are at 3/8 and 5/8.
    assert cells == pytest.approx(np.array([[0, 0, 2.0, 2.5, 3.5, 4.0, 0, 0]]))
    found = beside([[2.0, 4.0]], ["######.."], middle)
    assert (found.share, found.inside) == (pytest.approx(1.0), True)
    assert found.iou == pytest.approx(4 / 6)
    assert beside([[2.0, 4.0]], ["######.."], Box(0.5, 0.0, 1.0, 1.0)).inside is False


def test_values_between_places_are_linear() -> None:
    cells = on_cells(np.array([[0.0, 4.0], [8.0, 12.0]]), FULL, (4, 4))
    assert cells[0] == pytest.approx([0, 1, 3, 4])
    assert cells[:, 0] == pytest.approx([0, 2, 6, 8])
    assert on_cells(np.array([[5.0]]), FULL, (2, 3)) == pytest.approx(np.full((2, 3), 5.0))


def test_what_chance_gives() -> None:
    half = of(["#.", "#."])
    assert (half.area, half.by_chance, half.empty) == (0.5, pytest.approx(1 / 3), False)
    assert of([".."]).empty


@pytest.mark.parametrize(
    ("size", "shape"),
    [((480, 480), (28, 28)), ((300, 400), (21, 28)), ((400, 300), (28, 21)), ((30, 3000), (1, 28))],
)
def test_cells_follow_the_photos_shape(size: tuple[int, int], shape: tuple[int, int]) -> None:
    assert shape_of(*size) == shape


KEY = "0123456789abcdef"


def test_the_text_of_a_mark() -> None:
    found = revealed("01234567.3x2.a4.shown", KEY, (2, 3))
    assert found is not None
    assert found.cells.astype(int).tolist() == [[1, 0, 1], [0, 0, 1]]
    longest = f"{owner(KEY)}.28x28.{'f' * 196}.shown"
    whole = revealed(longest, KEY, (28, 28))
    assert whole is not None
    assert whole.cells.all()
    # A link keeps it.
    assert _PLAIN.fullmatch(longest)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "01234567.3x2.a4",
        "76543210.3x2.a4.shown",
        "01234567.2x3.a4.shown",
        "01234567.3x2.a.shown",
        "01234567.3x2.zz.shown",
        "01234567.3x2.a4.shown.shown",
        "<b>",
    ],
)
def test_what_is_no_mark_of_this_photo_shows_nothing(other: str) -> None:
    assert revealed(other, KEY, (2, 3)) is None


def test_the_outline_by_hand() -> None:
    assert figure.edge_of(of([".#", ".#"])) == "M1 0h1M1 0v1M2 0v1M1 2h1M1 1v1M2 1v1"


def test_of_a_linear_network(loaded: Loaded, ramp: Photo) -> None:
    model = loaded(linear(), ("0",), 2)
    # Grad-CAM is 2 p + 10 over the middle half of the photo's rows, of which two are marked.
    mark = of(["....", "####", "....", "...."])
    found = marked(model, ramp, mark, 0)
    values = heat_map(model, ramp, "", 0).values
    assert found.map.values == pytest.approx(values)
    assert found.label == "class 0"
    # Cell rows 1 and 2 lie at 1/4 and 3/4 of the map: between its rows 0, 1 and 2, 3.
    upper, lower = (values[0] + values[1]) / 2, (values[2] + values[3]) / 2
    assert found.share == pytest.approx(float(upper.sum() / (upper.sum() + lower.sum())), abs=1e-6)
    assert (found.iou, found.inside) == (0.0, False)


def test_the_sentence() -> None:
    low, high = beside(RAMP, ["#.", "#."]), beside([[9.0, 0.0], [1.0, 0.0]], ["#.", "#."])
    said = figure.sentence([("A", low), ("B", high)], of(["#.", "#."]), text("en"))
    assert said == (
        "B's map fits your mark best (overlap 1.00). A's fits least (0.33). As many places at "
        "random would have about 0.33. The highest place lies inside your mark for 1 of 2 networks."
    )


def whole(photo: Photo, digit: str = "f", end: str = ".shown") -> str:
    """The text of a mark of all cells of a photo of 40 x 32."""
    return f"{owner(photo.key)}.28x22.{digit * 154}{end}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_shown_before_the_mark(lang: str) -> None:
    t, photo = text(lang), small_photo()
    for shown in ("", whole(small_photo(1)), whole(photo, end=""), whole(photo, "0")):
        (page,) = scene.mark(t, photo, FIVE, "", shown)
        assert isinstance(page, str)
        assert "mark-board" in page
        # The photo, and no map.
        assert page.count("<img") == page.count('class="photo"') == 1
        assert "data-iou" not in page
        assert f'data-owner="{owner(photo.key)}" data-rows="22" data-columns="28"' in page
    assert t("closer.mark_empty") in page.rpartition("scene-sentence")[2]
    assert t("closer.none_chosen") in next(scene.mark(t, photo, [], "", ""))  # type: ignore[operator]
    assert t("closer.mark_bare") in scene.bare(t, FIVE, "", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mark_ranks_the_networks(lang: str) -> None:
    t, photo = text(lang), small_photo()
    half = f"{owner(photo.key)}.28x22.{'f' * 77}{'0' * 77}.shown"
    keys = ["resnet50", "mini_resnet", "mini_densenet", "mini_googlenet"]
    *_, last = scene.mark(t, photo, keys, "ship", half)
    assert isinstance(last, str)
    overlaps = [float(one) for one in re.findall(r'data-iou="([\d.]+)"', last)]
    assert overlaps == sorted(overlaps, reverse=True)
    assert len(set(overlaps)) == 3
    ours = marked(load("mini_resnet"), photo, revealed(half, photo.key, (22, 28)), 8)  # type: ignore[arg-type]
    (mine,) = re.findall(r'data-model="mini_resnet".*?data-iou="([\d.]+)"', last)
    assert float(mine) == pytest.approx(ours.iou, abs=1e-4)
    # Whose weights are not here comes last, and is said to be missing.
    assert re.findall(r'data-model="(\w+)"', last)[-1] == "resnet50"
    assert last.count('<path class="edge"') == 3
    assert t("label.ship") in last
