from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from PIL import Image

from demo.records import Box
from demo.records.counterfactual import Answer, Counterfactual
from demo.records.receptive import Field
from demo.text import text
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.branches import measure
from demo.topics.inception.figures import (
    branches as inception_branches,
    depth as inception_depth,
    field,
    maps as inception_maps,
    module,
    roles,
    worth,
)
from demo.topics.inception.figures.style import POOL, label, operation, tints
from demo.topics.inception.numbers.receptive import depth, sights
from demo.topics.inception.records import (
    Block,
    BlockActivity,
    CutMatrix,
    Depth,
    Part,
    Reduction,
    Roles,
    Sight,
    Sights,
    Split,
    Work,
)
from demo.zoo.catalogue import spec
from tests.drawing.drawn import assert_as_stored
from tests.inception_networks import stand_in

EN, JA = text("en"), text("ja")
SEEN = Box(0.0, 0.25, 1.0, 0.75)


@pytest.fixture(scope="module")
def block() -> Block:
    return next(iter(anatomy(stand_in("mini_googlenet").spec).blocks.values()))


@pytest.fixture(scope="module")
def activity(block: Block) -> BlockActivity:
    output = torch.arange(64 * 4 * 4).float().reshape(1, 64, 4, 4)
    output[0, 0] = 0
    return measure(output, block, "mini", "photo", block.name)


def svgs(drawn: str) -> list[ET.Element]:
    found = re.findall(r"<svg.*?</svg>", drawn, re.S)
    return [ET.fromstring(one.replace(' xmlns="http://www.w3.org/2000/svg"', "")) for one in found]


def test_labels_say_what_the_module_runs() -> None:
    names = ("1x1", "3x3#2", "1x7-7x1", "3x3-1x3+3x1", "pool")
    assert [label(name, EN) for name in names] == [
        "1×1",
        "3×3 (2)",
        "1×7 → 7×1",
        "3×3 → 1×3 ∥ 3×1",
        "pool",
    ]
    assert label("pool", JA) == "プーリング"


def test_steps_name_kernel_kind_and_stride() -> None:
    down = anatomy(stand_in("inception_v3").spec).blocks["Mixed_6a"]
    assert [operation(branch.steps[-1], EN) for branch in down.branches] == [
        ("3×3 /2", "288 → 384"),
        ("3×3 /2", "96 → 96"),
        ("max pool", "3×3 /2"),
    ]


def test_poolings_are_grey_and_kernels_darken(block: Block) -> None:
    found = tints(block.branches)
    assert found[3] == POOL
    shares = [int(re.search(r"(\d+)%", tint)[1]) for tint in found[:3]]
    assert shares == sorted(set(shares))
    assert shares[-1] == 100


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_module_is_drawn_with_its_numbers_and_widths_to_scale(block: Block, lang: str) -> None:
    wide, tall = svgs(module.diagram(block, text(lang)))
    words = [node.text for node in wide.iter("text")]
    assert "32 × 32 × 32" in words
    assert "64 × 32 × 32" in words
    assert {"32 → 16", "16 → 32", "32 → 4", "4 → 8", "3×3", "5×5"} <= set(words)
    heights = [float(r.get("height")) for r in wide.iter("rect") if r.get("width") == "54"]
    assert [h / sum(heights) for h in heights] == pytest.approx(
        [16 / 64, 0.5, 8 / 64, 8 / 64], 0.01
    )
    widths = [float(r.get("width")) for r in tall.iter("rect") if r.get("height") == "30"]
    assert [w / sum(widths) for w in widths] == pytest.approx([0.25, 0.5, 0.125, 0.125], 0.01)


@pytest.mark.parametrize(
    ("key", "count"), [("mini_googlenet", 6), ("googlenet", 9), ("inception_v3", 11)]
)
def test_every_block_of_every_network_fits_its_drawing(key: str, count: int) -> None:
    blocks = anatomy(stand_in(key).spec).blocks.values()
    assert len(blocks) == count
    for block in blocks:
        for drawing in svgs(module.diagram(block, EN)):
            width, height = map(float, drawing.get("viewBox").split()[2:])
            rects = list(drawing.iter("rect"))
            assert rects, block.name
            for rect in rects:
                right = float(rect.get("x")) + float(rect.get("width"))
                bottom = float(rect.get("y")) + float(rect.get("height"))
                assert right <= width, block.name
                assert bottom <= height, block.name
                assert float(rect.get("width")) > 0


def test_split_ends_are_drawn_side_by_side() -> None:
    one = anatomy(stand_in("inception_v3").spec).blocks["Mixed_7b"]
    wide = svgs(module.diagram(one, EN))[0]
    places: dict[str, list[tuple[str, str]]] = {}
    for node in wide.iter("text"):
        places.setdefault(node.text or "", []).append((node.get("x"), node.get("y")))
    assert len(places["1×3"]) == len(places["3×1"]) == 2
    assert [x for x, _ in places["1×3"]] == [x for x, _ in places["3×1"]]


def test_the_strip_presses_the_open_block() -> None:
    blocks = tuple(anatomy(stand_in("googlenet").spec).blocks.values())
    drawn = module.strip(blocks, "4a", EN)
    assert re.findall(r'data-pick="(\w+)" aria-pressed="true"', drawn) == ["4a"]
    assert drawn.count("<button") == 9
    assert "<small>480 → 512</small><small>14×14</small>" in drawn
    down = anatomy(stand_in("inception_v3").spec).blocks["Mixed_6a"]
    assert "35×35 → 17×17" in module.strip((down,), "", EN)
    assert "reads 480 × 14 × 14, puts out 512 × 14 × 14" in drawn


def test_tiles_keep_every_pixel() -> None:
    maps = np.arange(3 * 2 * 2).reshape(3, 2, 2) / 255
    assert inception_maps.tiles(maps, 2).tolist() == [
        [0, 1, 0, 4, 5, 0],
        [2, 3, 0, 6, 7, 0],
        [0, 0, 0, 0, 0, 0],
        [8, 9, 0, 0, 0, 0],
        [10, 11, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]
    assert inception_maps.own_scale(np.array([[[1.0, 4.0]], [[0, 0]]])).tolist() == [
        [[0.25, 1.0]],
        [[0.0, 0.0]],
    ]


def test_a_mosaic_is_one_png_with_a_button_for_each_channel() -> None:
    maps = np.ones((6, 5, 5))
    drawn = inception_maps.mosaic(maps, range(6), np.arange(6), EN, "3x3", 4, columns=4)
    (picture,) = re.findall(r'src="data:image/png;base64,([^"]+)"', drawn)
    assert Image.open(io.BytesIO(base64.b64decode(picture))).size == (4 * 6, 2 * 6)
    assert "aspect-ratio:2.0000" in drawn
    assert re.findall(r'data-pick="3x3:(\d)" aria-pressed="(\w+)"', drawn) == [
        (number, "true" if number == "4" else "false") for number in "012345"
    ]
    assert "<button" not in inception_maps.mosaic(maps, range(6), np.arange(6), EN)


def test_the_highest_value_is_marked_where_it_lies_on_the_photo() -> None:
    values = np.zeros((4, 4), np.float32)
    values[3, 0] = 2.5
    drawn = inception_maps.enlarged(values, "3×3 <1>", SEEN, 1.0, EN)
    # The network saw the middle half of the height: row 3 of 4 is at 0.25 + 0.5 * 3.5 / 4.
    assert 'class="highest" style="left:12.50%;top:68.75%"' in drawn
    assert "Highest value 2.50 at row 3, column 0" in drawn
    assert "3×3 &lt;1&gt;" in drawn
    assert "highest" not in inception_maps.enlarged(values * 0, "x", SEEN, 1.0, EN)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_rows_show_shares_and_channels_of_each_branch(
    block: Block, activity: BlockActivity, lang: str
) -> None:
    maps = {b.name: np.ones((b.channels, 4, 4), np.float32) for b in block.branches}
    shown = {b.name: [2, 0] for b in block.branches}
    drawn = inception_branches.rows(block, activity, maps, shown, ("3x3", 0), SEEN, 1.0, text(lang))
    sections = re.findall(r'<section class="branch".*?</section>', drawn, re.S)
    assert len(sections) == 4
    assert "25.0 %" in sections[0]
    assert "width:25.00%" in sections[0]
    assert re.findall(r'data-pick="3x3:(\d)" aria-pressed="(\w+)"', sections[1]) == [
        ("2", "false"),
        ("0", "true"),
    ]
    assert 'aria-pressed="true"' not in sections[0]
    assert "silent" not in sections[1]
    silent = {
        "en": ", 1 silent",
        "ja": "、無反応は1個",
    }
    assert silent[lang] in sections[0]


@pytest.fixture(scope="module")
def four(block: Block) -> Sights:
    near, far = Field((1, 1), (-1, -1), (1, 1)), Field((2, 2), (-3, -3), (3, 3))
    boxes = (Box(0, 0, 0.1, 0.5), Box(0, 0, 1, 1))
    branches = tuple(Sight(branch, near, far, *boxes) for branch in block.branches)
    return Sights(block, 8, (3, 5), branches)


def test_fields_are_boxes_with_all_that_the_browser_needs(four: Sights) -> None:
    drawn = field.views(four, SEEN, 1.0, EN)
    assert 'data-row="3" data-column="5"' in drawn
    assert 'data-seen="0.00000,0.25000,1.00000,0.75000"' in drawn
    assert drawn.count('data-field="[[2, 2], [-3, -3], [3, 3]]"') == 4
    # Half the height of what was seen, which is half the photo's.
    assert "left:0.00%;top:25.00%;width:10.00%;height:25.00%" in drawn
    assert "Position: row 3, column 5" in drawn
    assert "Position: row {row}, column {column}" in drawn
    assert "3×3 places of the block&#x27;s input, 7×7 pixels" in drawn
    assert "more than the whole picture" not in drawn
    assert "stacked" in field.views(four, SEEN, 3.0, EN)
    assert "stacked" not in drawn


def test_a_switch_for_each_branch(block: Block, activity: BlockActivity) -> None:
    drawn = worth.switches(block, activity, ["3x3"], SEEN, 1.0, EN)
    assert re.findall(r'data-pick="(\w+)"', drawn) == ["1x1", "3x3", "5x5", "pool"]
    assert re.findall(r'aria-pressed="(\w+)"', drawn) == ["false", "true", "false", "false"]
    assert 'data-picks="inception-off" data-several' in drawn


def test_the_matrix_has_a_row_a_block_and_says_the_sign() -> None:
    share = np.array([0.5, 0.5], np.float32)
    whole = Answer(np.array([1.0, 2.0], np.float32), share)
    cuts = [
        Counterfactual(whole, Answer(np.array([logit, 2], np.float32), share), block, (branch,))
        for block, branch, logit in (("3a", "1x1", 0.5), ("3a", "pool", 1.25), ("3b", "1x1", 1.0))
    ]
    found = CutMatrix("m", "p", "zero", tuple(cuts))
    drawn = worth.matrix(found, 0, "cat", EN)
    assert re.findall(r"<th[^>]*>(\w+)</th>", drawn) == ["3a", "3b"]
    assert re.findall(r"<b>([^<]+)</b>", drawn) == ["−0.50", "+0.25", "0.00"]
    assert re.findall(r"var\(--(\w+)\) (\d+)%", drawn) == [
        ("loss", "75"),
        ("gain", "38"),
        ("gain", "0"),
    ]
    worst = found.worst(0)
    assert (worst.block, worst.off, worst.logit_change(0)) == ("3a", ("1x1",), -0.5)
    assert found.largest(0) == 0.5


def split(block: str, *extents: int, energy: float | None = 0.25) -> Split:
    """Branches that see that far; the last one pools."""
    names, shares = ("1x1", "3x3", "5x5", "pool"), (0.25, 0.5, 0.125, 0.125)
    parts = zip(names, extents, shares, strict=True)
    return Split(block, tuple(Part(n, n == "pool", e, s, energy) for n, e, s in parts))


def test_bars_across_depth_stack_to_the_whole() -> None:
    drawing = svgs(inception_depth.depth(Depth((split("1a", 1, 3, 5, 3),)), "1a", EN))[0]
    words = [node.text for node in drawing.iter("text")]
    assert words[-6:] == [
        "sees 1×1",
        "sees 3×3",
        "sees 5×5",
        "pool",
        "left bar: channels",
        "right bar: energy",
    ]
    heights = [float(rect.get("height")) for rect in drawing.iter("rect")][:8]
    assert heights[0::2] == pytest.approx([59, 118, 29.5, 29.5])
    assert heights[1::2] == pytest.approx([59] * 4)
    assert "1a: 1×1 25.0 % / 25.0 %, 3×3 50.0 % / 25.0 %" in drawing.get("aria-label")


def test_without_a_photo_one_bar_a_block() -> None:
    found = Depth((split("1a", 1, 3, 5, 3, energy=None),) * 2)
    drawing = svgs(inception_depth.depth(found, "", EN))[0]
    # Four branches in each block, and five rows of the key.
    assert len(list(drawing.iter("rect"))) == 2 * 4 + 5
    assert not found.measured


def test_the_heaviest_rows_and_columns_are_drawn_in_order() -> None:
    weights = np.zeros((65, 129), np.float32)
    weights[1:, 1:] = np.arange(1, 64 * 128 + 1).reshape(64, 128)
    assert roles.heaviest(weights).tolist() == weights[1:, 1:].tolist()


def test_colours_across_depth_go_by_how_far_a_branch_sees() -> None:
    found = Depth((split("1a", 1, 3, 5, 3), split("1b", 3, 5, 5, 3)))
    fills = [
        rect.get("fill") for rect in svgs(inception_depth.depth(found, "", EN))[0].iter("rect")
    ][:16:2]
    assert fills[4] == fills[1]
    assert fills[5] == fills[6] == fills[2]
    assert fills[3] == fills[7] == POOL
    assert len(set(fills)) == 4


def test_roles_hold_the_reductions_numbers() -> None:
    one = Reduction("5x5", "x", 192, 16, 15_872, 153_600, 12_443_648, 120_422_400)
    maps = np.zeros((16, 4, 4), np.float32)
    maps[:8] = 1
    weights = np.linspace(-2, 1, 16 * 192).reshape(16, 192).astype(np.float32)
    work = Work(maps, (0, 1, 2, 3), weights)
    assert work.zeros == 0.5
    drawn = roles.roles(Roles((one,), None), {"5x5": work}, EN)
    for words in ("153,600", "15,872", "9.7 times", "120 M", "50.0 %", "192 → 16"):
        assert words in drawn, words
    (picture,) = re.findall(r'class="mixing" src="data:image/png;base64,([^"]+)"', drawn)
    mixing = Image.open(io.BytesIO(base64.b64decode(picture)))
    assert mixing.size == (128, 16)
    assert "The 16 rows and 128 columns with the largest weights" in drawn
    assert mixing.getpixel((0, 0)) == (0x21, 0x66, 0xAC)  # the lowest value is blue
    without_weights = roles.roles(Roles((one,), None), {}, EN)
    assert "153,600" in without_weights
    assert "<img" not in without_weights


SNAPSHOTS = {
    "inception_module_mini": lambda: module.diagram(shipped("mini_googlenet", "3a"), EN),
    "inception_module_split": lambda: module.diagram(shipped("inception_v3", "Mixed_7b"), JA),
    "inception_depth_built": lambda: inception_depth.depth(
        depth(anatomy(spec("googlenet"))), "4a", EN
    ),
    "inception_field_built": lambda: field.drawing(
        sights(anatomy(spec("mini_googlenet")), "2a"), EN
    ),
}


def shipped(key: str, block: str) -> Block:
    return anatomy(spec(key)).blocks[block]


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_pure_drawings_are_as_they_were(name: str) -> None:
    assert_as_stored(name, SNAPSHOTS[name]())
