from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from demo.records import Box
from demo.text import LANGUAGES, text
from demo.topics.dense.figures import (
    growth,
    guide,
    maps as dense_maps,
    matrix as dense_matrix,
    passage,
    reuse as dense_reuse,
)
from demo.topics.dense.numbers.published import CIFAR10, IMAGENET
from demo.topics.dense.records import (
    GrowthStep,
    LayerMaps,
    Link,
    LinkEffects,
    Observation,
    Passage,
    Reuse,
)
from tests.drawing.drawn import assert_as_stored

LIMIT = 200_000
T = text("en")


def step(kind: str, block: int, layer: int, before: int, after: int) -> GrowthStep:
    return GrowthStep(kind, block, layer, before, after, 7, 7, 10, 20, 490, 980, 30, 1470, 8, 4)


def reuse(size: int, after: str = "transition", seed: int = 0) -> Reuse:
    matrix = np.random.default_rng(seed).random((size, size)).astype(np.float32)
    matrix[np.tril_indices(size, -1)] = np.nan
    return Reuse("tiny", 1, "raw", after, matrix, tuple(range(size + 1)))


def test_every_step_travels_as_one_row() -> None:
    steps = [step("stem", 0, 0, 3, 64), step("layer", 1, 1, 64, 96)]
    sent = json.loads(growth.payload(steps, 32, 0.5, "densenet121", "", T))
    assert sent["steps"] == [
        [0, 0, 0, 3, 64, 7, 7, 10, 20, 490, 980, 30, 1470, 8, 4],
        [1, 1, 1, 64, 96, 7, 7, 10, 20, 490, 980, 30, 1470, 8, 4],
    ]
    assert (sent["k"], sent["theta"], sent["model"]) == (32, 0.5, "densenet121")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_script_finds_every_word_that_it_asks_for(lang: str) -> None:
    words = json.loads(growth.payload([], 32, 0.5, "", "", text(lang)))["words"]
    asked = set(re.findall(r"\bw(?:ords)?\.([a-z_]+)", growth.SCRIPT)) - {"words"}
    assert asked <= set(words)
    buttons = set(re.findall(r'\bbutton\("(\w+)"', growth.SCRIPT))
    assert buttons == {"first", "back", "forward", "last"}
    made = [word for word in words if word.startswith(("at_", "says_"))]
    assert set(words) - asked - buttons - set(made) == set()
    for key, names in growth.WORDS.items():
        assert set(re.findall(r"\{(\w+)", words[key])) == set(names), key


def test_the_largest_diagram_is_small() -> None:
    steps = [step("layer", 1 + i // 64, 1 + i % 64, 123_456, 123_520) for i in range(4 * 64)]
    assert len(growth.payload(steps, 64, 0.5, "", "", text("ja")).encode()) < LIMIT


def test_the_largest_matrix_is_small() -> None:
    sent = dense_matrix.reuse_payload(reuse(65), True, (0, 64), text("ja"))
    assert len(sent.encode()) < LIMIT


def test_a_matrix_travels_column_by_column() -> None:
    matrix = np.array([[2, 0.5], [np.nan, 4]], dtype=np.float32)
    found = Reuse("tiny", 1, "scaled", "classifier", matrix, (0, 3, 4))
    sent = json.loads(dense_matrix.reuse_payload(found, False, (0, 1), T))
    assert sent["columns"] == [[2], [0.5, 4]]
    assert (sent["count"], sent["starts"]) == (2, [0, 3, 4])
    assert (sent["each"], sent["signed"], sent["opened"]) == (False, False, [0, 1])
    assert sent["words"]["after"] == "classifier"
    assert set(re.findall(r"\{(\w+)\}", sent["words"]["cell"])) == {
        "source",
        "target",
        "value",
        "channels",
    }


def test_cut_links_mark_what_changes_the_first_choice() -> None:
    change = np.array([[0.1, -0.2], [np.nan, 0]], dtype=np.float32)
    winner = np.array([[3, 1], [-1, 3]])
    found = LinkEffects("tiny", "photo", 1, 3, 0.8, change, winner)
    sent = json.loads(dense_matrix.effects_payload(found, reuse(2), "cat", T))
    assert sent["columns"] == [[0.1], [-0.2, 0]]
    assert sent["flips"] == [[False], [True, False]]
    assert sent["signed"]
    assert "cat" in sent["words"]["cell"]


def test_observations_say_what_holds_with_its_number() -> None:
    found = dense_reuse.observations(
        (
            Observation("spread", 0.912, 0.5),
            Observation("transition", float("nan"), 0.5),
            Observation("least", 0.25, 0.5),
            Observation("late", 2.444, 1.1),
        ),
        T,
    )
    assert re.findall(r'data-observation="(\w+)" data-holds="(\w+)"', found) == [
        ("spread", "holds"),
        ("transition", "absent"),
        ("least", "fails"),
        ("late", "holds"),
    ]
    assert "91.2 %" in found
    assert "25.0 %" in found
    assert "2.44" in found


def test_claims_say_what_the_paper_saw_and_whether_it_is_seen() -> None:
    found = dense_reuse.claims(
        (Observation("spread", 0.912, 0.5), Observation("late", float("nan"), 1.1)), T
    )
    assert re.findall(r'<li class="(\w+)"', found) == ["holds", "absent"]
    assert "Layers spread their weights" in found


def test_an_opened_link_shows_every_channel() -> None:
    link = Link(1, 0, 2, 6, np.array([1, 4, 2], dtype=np.float32))
    found = dense_reuse.opened(link, "<source> is read", "unit", T)
    assert re.findall(r"height:([\d.]+)%", found) == ["25.0", "100.0", "50.0"]
    assert 'aria-label="&lt;source&gt; is read"' in found
    assert "<span>6</span>" in found
    assert "<span>8</span>" in found


def test_a_matrix_is_framed_with_its_numbers() -> None:
    found = dense_matrix.frame('{"count":2}', "raw", 'a "matrix"')
    assert 'data-table="{&quot;count&quot;:2}"' in found
    assert 'data-label="a &quot;matrix&quot;"' in found


def test_blocks_are_buttons() -> None:
    found = dense_reuse.blocks(3, 2, T)
    assert re.findall(r'data-pick="(\d)" aria-pressed="(\w+)"', found) == [
        ("1", "false"),
        ("2", "true"),
        ("3", "false"),
    ]


def test_a_mosaic_has_every_channel_once() -> None:
    maps = np.arange(10 * 4, dtype=np.float32).reshape(10, 2, 2)
    sheet = Image.open(io.BytesIO(base64.b64decode(dense_maps.mosaic(maps).split(",")[1])))
    # Eight tiles of 64 px in a row, two rows, 3 px between.
    assert sheet.size == (8 * 64 + 7 * 3, 2 * 64 + 3)
    assert sheet.getpixel((0, 0)) == (*(68, 1, 84), 255)
    assert sheet.getpixel((63, 63)) == (*(253, 231, 37), 255)
    assert sheet.getpixel((65, 0))[3] == 0
    assert sheet.getpixel((3 * 67, 70))[3] == 0


def test_a_layers_maps_fit_the_page() -> None:
    maps = np.random.default_rng(0).random((48, 56, 56)).astype(np.float32)
    found = dense_maps.view(LayerMaps(1, 6, maps), "data:,", 1.0, Box(0, 0, 1, 1), T)
    assert 'data-maps="1,6"' in found
    assert "48 maps of 56 × 56" in found


FLAT = Passage("r", "R", "resnet", "stage3", ((64, 8, 8),) * 3, (64, 64), kept=(0, 0), sums=True)
GROWN = Passage(
    "d",
    "D",
    "densenet",
    "block3",
    ((64, 8, 8), (96, 8, 8), (128, 8, 8)),
    (32, 32),
    kept=(64, 96),
    sums=False,
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_lanes_move_in_step(lang: str) -> None:
    found = passage.lanes(FLAT, GROWN, text(lang))
    assert re.findall(r'data-lane="(\w+)"', found) == ["resnet", "densenet"]
    assert re.findall(r'data-widths="([^"]+)"', found) == ["64 → 64 → 64", "64 → 96 → 128"]
    assert re.findall(r'data-at="(\d)"', found) == ["0", "1", "2", "0", "1", "2"]
    assert "H(x) = F(x) + x" in found
    assert "H(x) = [x, F(x)]" in found


def test_the_lanes_are_as_stored() -> None:
    assert_as_stored("dense_passage", passage.lanes(FLAT, GROWN, T))


def test_lanes_without_a_photo_say_nothing_of_what_is_kept() -> None:
    ways = [replace(way, kept=()) for way in (FLAT, GROWN)]
    assert "kept" not in passage.lanes(*ways, T)
    assert "of x: 96 of 96 kept" in passage.lanes(FLAT, GROWN, T)


def test_the_guide_invents_no_accuracy() -> None:
    figure = guide.guide(CIFAR10, "title", 800_000, T)
    (published,) = figure.data
    assert list(published.x) == [1.0, 7.0, 0.8, 15.3, 25.6]
    assert list(published.y) == [5.24, 4.10, 4.51, 3.62, 3.46]
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1) == (0.8, 0.8)
    # It fills what is around it.
    assert figure.layout.height is None
    assert [round(point.error, 3) for point in IMAGENET.points] == [25.566, 24.4, 23.104, 22.862]


def test_the_guide_says_the_lightest_and_the_best() -> None:
    found = guide.sentence(CIFAR10, IMAGENET, 800_000, T)
    assert "has 800 k parameters" in found
    assert "BC-100 (k = 12) comes to 4.5 % error with 800 k parameters" in found
    assert "161 (k = 48) with 22.9 % and 28.7 M" in found
