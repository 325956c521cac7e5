"""Photos that are harmed and patched: by hand, in steps, and as the scenes show them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.lane import Turn
from demo.page.page import _PLAIN
from demo.records import Box, Photo, Problem
from demo.records.counterfactual import Answer
from demo.text import LANGUAGES, text
from demo.topics.closer.breaking import broken, climbing, picture_of
from demo.topics.closer.explain import finished
from demo.topics.closer.figures import breaking as figure, fooling as fooling_figure
from demo.topics.closer.fooling import patched, searching, trying
from demo.topics.closer.numbers.breaking import coverage, harmed, on_input, region, sampled
from demo.topics.closer.numbers.patches import alone, masks
from demo.topics.closer.records.breaking import (
    KINDS,
    LEVELS,
    Broken,
    Harm,
    Kind,
    Ladder,
    longest,
    soonest,
    square_of,
)
from demo.topics.closer.records.maps import Explanation
from demo.topics.closer.records.marks import Mark, owner, painted
from demo.topics.closer.records.patches import (
    PLACES,
    Find,
    Patch,
    Search,
    Tries,
    box_of,
    middle_square,
    patch_at,
    places,
)
from demo.topics.closer.scenes import breaking, fooling
from demo.topics.closer.scenes.chosen import FIVE
from demo.zoo.loading import LoadedModel, load
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import linear

Loaded = Callable[..., Any]
FULL = Box(0.0, 0.0, 1.0, 1.0)
RAMP = np.arange(16.0).reshape(4, 4) / 16


def grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(np.asarray(values, float)[..., None], 3, axis=2)


def after(kind: Kind, strength: float, values: np.ndarray = RAMP, **more: Any) -> np.ndarray:
    found = harmed(grey(values), kind, strength, **more)
    assert found == pytest.approx(grey(found[..., 0]))
    return found[..., 0]


@pytest.mark.parametrize("kind", KINDS)
def test_no_harm_changes_nothing(kind: Kind) -> None:
    picture = np.random.default_rng(1).random((6, 6, 3))
    assert harmed(picture, kind, 0.0) == pytest.approx(picture)
    assert region(Box(0.1, 0.2, 0.5, 0.8), kind, 0.0) == Box(0.1, 0.2, 0.5, 0.8)


def test_a_square_covers_the_middle() -> None:
    half = RAMP.copy()
    half[1:3, 1:3] = 0.5
    assert after("cover", 0.5) == pytest.approx(half)
    # Three of four pixels: the outer ones by half.
    edge = np.array([0.5, 1, 1, 0.5])
    mask = np.outer(edge, edge)
    assert after("cover", 0.75) == pytest.approx(RAMP + mask * (0.5 - RAMP))
    assert after("cover", 1.0) == pytest.approx(np.full((4, 4), 0.5))
    # What is painted gets greyer instead.
    painted_places = np.zeros((4, 4))
    painted_places[0] = 1
    found = after("cover", 0.25, covered=painted_places)
    assert found[0] == pytest.approx(0.75 * RAMP[0] + 0.125)
    assert found[1:] == pytest.approx(RAMP[1:])


def test_a_shift_and_a_turn_bring_in_the_mirror_image() -> None:
    # Half the side at most: a pixel to the right at half strength.
    assert after("shift", 0.5) == pytest.approx(RAMP[:, [0, 0, 1, 2]])
    assert after("shift", 0.25) == pytest.approx((RAMP + RAMP[:, [0, 0, 1, 2]]) / 2)
    assert after("shift", 1.0) == pytest.approx(RAMP[:, [1, 0, 0, 1]])
    # 180 degrees at most, clockwise.
    assert after("rotate", 0.5) == pytest.approx(np.rot90(RAMP, -1))
    assert after("rotate", 1.0) == pytest.approx(RAMP[::-1, ::-1])
    rows, columns = np.mgrid[:2, :2].astype(float)
    assert sampled(grey([[0.0, 1.0], [2.0, 3.0]]), rows + 0.25, columns)[0, :, 0] == pytest.approx(
        [0.5, 1.5]
    )


def test_a_crop_leaves_the_middle() -> None:
    # A tenth of the side at full strength.
    left = region(Box(0.0, 0.2, 1.0, 0.8), "crop", 1.0)
    assert (left.left, left.top, left.right, left.bottom) == pytest.approx((0.45, 0.47, 0.55, 0.53))
    assert region(FULL, "crop", 0.5) == Box(0.225, 0.225, 0.775, 0.775)
    assert after("crop", 1.0) == pytest.approx(RAMP)


def test_a_blur_by_hand() -> None:
    # Two pixels, deviation 1/8 of the side times the strength: 0.25 at full strength.
    weight = np.exp(-1 / (2 * 0.25**2))
    near, far = 1 / (1 + weight), weight / (1 + weight)
    found = after("blur", 1.0, np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert found == pytest.approx(np.outer([near, far], [near, far]))
    assert after("blur", 1.0, np.full((5, 5), 0.3)) == pytest.approx(np.full((5, 5), 0.3))


def test_noise_is_the_same_each_time_and_as_strong_as_said() -> None:
    picture = np.full((64, 64, 3), 0.5)
    found = harmed(picture, "noise", 0.2)
    assert np.array_equal(found, harmed(picture, "noise", 0.2))
    assert float(found.std()) == pytest.approx(0.1, rel=0.02)
    assert found - 0.5 == pytest.approx(2 * (harmed(picture, "noise", 0.1) - 0.5), abs=1e-9)
    strong = harmed(picture, "noise", 1.0)
    assert (strong.min(), strong.max()) == (0, 1)


def test_what_a_strength_comes_to() -> None:
    amounts = {kind: Harm(kind, 0.5).amount for kind in KINDS}
    assert amounts == {
        "cover": 50,
        "blur": 6.25,
        "shift": 25,
        "rotate": 90,
        "crop": pytest.approx(55),
        "noise": 25,
    }
    assert (len(LEVELS), LEVELS[1], LEVELS[-1]) == (21, 0.05, 1.0)


def test_how_much_of_a_pixel_is_covered() -> None:
    assert coverage(4, 0.5, 2.25).tolist() == [0.5, 1, 0.25, 0]
    assert coverage(3, -5, 9).tolist() == [1, 1, 1]
    assert coverage(3, 1, 1).tolist() == [0, 0, 0]


def test_cells_lie_where_the_network_sees_them() -> None:
    cells = np.array([[True, False, False, False]])
    assert on_input(cells, FULL, 4)[:, 0].tolist() == [1, 1, 1, 1]
    assert on_input(cells, Box(0.125, 0.0, 0.625, 1.0), 4)[0].tolist() == [1, 0, 0, 0]
    assert on_input(cells, Box(0.5, 0.0, 1.0, 1.0), 4).sum() == 0


KEY = "0123456789abcdef"


def test_the_text_of_a_square() -> None:
    # 400 x 200: the side is of the shorter one.
    found = square_of("01234567.250.100.500", KEY, 200, 400)
    assert found == Box(0.25, 0.1, 0.5, 0.6)
    # It neither reaches beyond the photo nor vanishes.
    assert square_of("01234567.900.900.1000", KEY, 200, 400) == Box(0.5, 0.0, 1.0, 1.0)
    small = square_of("01234567.0.0.0", KEY, 200, 400)
    assert small == Box(0.0, 0.0, 0.05, 0.1)
    assert _PLAIN.fullmatch("01234567.900.900.1000")
    for other in ("", "76543210.1.1.500", "01234567.1.1", "01234567.-1.1.500", "<b>"):
        assert square_of(other, KEY, 200, 400) is None


def test_what_is_painted_needs_no_end() -> None:
    found = painted("01234567.3x2.a4", KEY, (2, 3))
    assert found is not None
    assert found.cells.astype(int).tolist() == [[1, 0, 1], [0, 0, 1]]
    assert painted("01234567.3x2.a4.shown", KEY, (2, 3)) is None


def ladder(*tops: int) -> Ladder:
    """First choices at the first strengths; the last of them stays."""
    kept = [*tops, *[tops[-1]] * (len(LEVELS) - len(tops))]
    return Ladder(np.eye(3, dtype=np.float32)[kept])


def test_how_long_an_answer_holds() -> None:
    assert ladder(0).held(0) == 1.0
    assert ladder(0, 0, 0, 1).held(0) == 0.1
    # What comes back does not count.
    assert ladder(0, 1, 0).held(0) == 0.0
    assert ladder(1).held(0) is None
    assert longest({"a": 0.1, "b": 0.4, "c": 0.4, "d": None}) == ("b", "c")
    assert longest({"a": None}) == ()
    assert soonest({"a": 0.1, "b": 0.4, "c": 0.1}) == ("a", "c")
    assert soonest({"a": 0.0, "b": None}) == ("b",)
    assert soonest({"a": 0.4, "b": 0.4}) == soonest({}) == ()


def tiny(made: Any) -> LoadedModel:
    """A stand-in that takes photos as real networks do: values in [0, 1], 4 x 4."""
    return LoadedModel(made.spec, made.network, "bundled")


def test_of_a_linear_network(loaded: Loaded, ramp: Photo) -> None:
    # Logits are means of 3 R + 10 - G and of R - 10 + G, here of values that are 255 times smaller.
    model = tiny(loaded(linear(), ("0",), 2))
    whole = picture_of(model.spec, ramp, Harm("cover", 0.0))
    assert model.prepare(ramp)[0][0].permute(1, 2, 0).numpy() == pytest.approx(whole, abs=1e-6)
    found = broken(model, ramp, Harm("cover", 1.0), 0)
    assert found.after.logits.tolist() == pytest.approx([11.0, -9.0])
    assert found.before.logits == pytest.approx(scores(model, ramp).logits)
    # Grad-CAM of 0.5, and of 10 - 0.5: 3 R / 16 + (10 - G) / 16.
    assert found.map.raw == pytest.approx(np.full((4, 4), 11 / 16), abs=1e-6)
    assert broken(model, ramp, Harm("cover", 1.0), 0) is found
    assert broken(model, ramp, Harm("cover", 0.5), 0) is not found
    same = broken(model, ramp, Harm("blur", 0.0))
    ours = heat_map(model, ramp, "", scores(model, ramp).top)
    assert same.map.raw == pytest.approx(ours.raw_max * ours.values, abs=1e-5)
    assert same.flips is False


def test_a_ladder_is_each_strength_by_itself(loaded: Loaded, ramp: Photo) -> None:
    model = tiny(loaded(linear(), ("0",), 2))
    for kind in KINDS:
        found = finished(climbing(model, ramp, Harm(kind, 0.3)))
        assert found.probabilities.shape == (21, 2)
        for place in (0, 7, 20):
            one = broken(model, ramp, Harm(kind, LEVELS[place]))
            assert found.probabilities[place] == pytest.approx(one.after.probabilities, abs=1e-5)
        assert finished(climbing(model, ramp, Harm(kind, 0.9))) is found


def test_it_says_how_far_it_is_and_can_be_left() -> None:
    model, photo = load("efficientnet_lite0"), small_photo()
    steps = climbing(model, photo, Harm("blur", 0.1))
    assert [next(steps), next(steps)] == [(0, 21), (4, 21)]
    steps.close()
    other = trying(model, photo, 8)
    assert [next(other), next(other)] == [0, 8]


@pytest.mark.parametrize(
    ("harm", "key"),
    [(Harm("telepathy", 0.1), "no_harm"), (Harm("blur", 1.5), "no_strength")],  # type: ignore[arg-type]
)
def test_what_there_is_not_is_said(harm: Harm, key: str) -> None:
    with pytest.raises(Problem, match=key):
        broken(load("mini_resnet"), small_photo(), harm)


def test_where_patches_lie() -> None:
    assert [len(places(side)) for side in (1, 2, 3, 4, 8)] == [64, 64, 49, 49, 25]
    assert PLACES == 398
    assert places(8)[:2] == (Patch(0, 0, 8), Patch(0, 2, 8))
    assert places(8)[-1] == Patch(8, 8, 8)
    assert middle_square(200, 400) == Box(0.25, 0.0, 0.75, 1.0)
    assert box_of(Patch(4, 8, 4), Box(0.25, 0.0, 0.75, 1.0)) == Box(0.5, 0.25, 0.625, 0.5)
    # Its middle is what is kept, whatever its side becomes.
    assert Patch(4, 8, 4).spot == "12.20"
    assert patch_at("12.20", 4) == Patch(4, 8, 4)
    assert patch_at("12.20", 2) == Patch(5, 9, 2)
    assert patch_at("31.0", 8) == Patch(8, 0, 8)
    assert patch_at("", 4) == patch_at("<b>", 4) == Patch(6, 6, 4)
    assert patch_at("16.16", 99).side == 12


def test_a_patch_over_what_a_network_sees() -> None:
    (mask,) = masks([Patch(0, 0, 8)], FULL, FULL, 4)
    assert mask.tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0] * 4, [0] * 4]
    # The network sees the middle half: the patch ends in its middle.
    (mask,) = masks([Patch(0, 0, 8)], FULL, Box(0.25, 0.25, 0.75, 0.75), 2)
    assert mask.tolist() == [[1, 0], [0, 0]]
    (mask,) = masks([Patch(0, 0, 1)], FULL, FULL, 8)
    assert (mask[0, 0], mask.sum()) == (0.25, 0.25)


def tries(own: int, tops: list[int], shares: list[float]) -> Tries:
    count = len(places(8))
    kept = np.array(tops + [own] * (count - len(tops)))
    rest = np.array(shares + [1.0] * (count - len(shares)), np.float32)
    return Tries(8, own, kept, rest)


def test_who_is_fooled_alone() -> None:
    found = alone(
        {
            # Places 0, 1 and 3 change it; 1 changes the other, too; 3 more clearly than 0.
            "a": tries(0, [1, 1, 0, 2], [0.4, 0.1, 0.9, 0.2]),
            "b": tries(5, [5, 6, 5, 5], [0.9, 0.2, 0.9, 0.9]),
        }
    )
    assert found == {"a": Find(places(8)[3], 2), "b": None}
    only = alone({"b": tries(5, [5, 6], [0.9, 0.2])})
    assert only == {"b": Find(places(8)[1], 6)}


def of_red() -> nn.Sequential:
    """Logits: what the mean red of 4 x 4 pixels has above 0.95, and 0."""
    network = nn.Sequential(nn.Conv2d(3, 1, 1), nn.Conv2d(1, 2, 1), nn.AvgPool2d(4), nn.Flatten())
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1))
        network[0].bias.fill_(-0.95)
        network[1].weight.copy_(torch.tensor([1.0, 0]).view(2, 1, 1, 1))
        network[1].bias.zero_()
    return network


def test_the_smallest_patch_that_fools_one_alone(loaded: Loaded) -> None:
    white = Photo("white", np.full((4, 4, 3), 255, np.uint8))
    weak, firm = (tiny(loaded(of_red(), ("0",), 2)) for _ in range(2))
    firm.network[0].bias.data.fill_(-0.5)
    # Grey takes half of what it covers: below 0.95 on the mean from a tenth of the square on, that
    # is 26 of 256 units. The firm network needs all of it.
    assert [patched(weak, white, Patch(0, 0, side)).flips for side in (5, 6)] == [False, True]
    found = patched(weak, white, Patch(0, 0, 8))
    assert found.after.logits[0] == pytest.approx(0.05 - 0.5 / 4, abs=1e-6)
    steps = searching([weak, firm], white)
    seen = []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            search = end.value
            break
    assert search.over
    find = search.finds[weak.spec.key]
    assert find is not None
    assert (find.patch.side, find.winner) == (6, 1)
    assert search.finds[firm.spec.key] is None
    assert search.smallest == (weak.spec.key,)
    assert [one.side for one in seen] == [side for side in range(1, 13) for _ in range(2)]
    assert [(one.done, one.total) for one in seen[:2]] == [(0, 128), (64, 128)]
    # What was tried is kept.
    assert [*searching([weak, firm], white)] == []


def answer(*shares: float) -> Answer:
    return Answer(np.log(np.array(shares, np.float32)), np.array(shares, np.float32))


def changed(before: tuple[float, ...], now: tuple[float, ...]) -> Broken:
    raw = np.array([[0.0, 2.0], [-1.0, 1.0]], np.float32)
    explained = Explanation("m", "gradcam", "l", 0, None, raw, 0.0, FULL)
    return Broken(answer(*before), answer(*now), explained)


KEPT, LOST = changed((0.7, 0.2, 0.1), (0.6, 0.3, 0.1)), changed((0.7, 0.2, 0.1), (0.2, 0.7, 0.1))


def test_the_sentence_of_a_harm() -> None:
    t = text("en")
    said = figure.sentence(
        [
            ("A", KEPT, ladder(0, 0, 0, 0, 1)),
            ("B", LOST, ladder(0, 0, 1)),
            ("C", LOST, ladder(0, 1)),
        ],
        Harm("rotate", 0.25),
        t,
    )
    assert said == (
        "Rotated by 45°, 2 of 3 networks change the answer: B and C. The longest to hold: A, "
        "until 20 %. The first to give way: C, at 5 %."
    )
    said = figure.sentence([("A", KEPT, ladder(0))], Harm("blur", 0.4), t)
    assert said == (
        "Blurred by 5 % of the side, none of 1 network changes its answer. A keeps its answer at "
        "every strength."
    )
    said = figure.sentence([("A", LOST, ladder(1)), ("B", KEPT, ladder(0))], Harm("crop", 0.5), t)
    assert said == (
        "With 55 % of the side left, 1 of 2 networks changes the answer: A. B keeps its answer at "
        "every strength. Without its answer from the start: A."
    )
    cover = Mark(np.array([[True]]))
    said = figure.sentence([("A", LOST, ladder(1))], Harm("cover", 0.6, None, cover), t)
    assert said == (
        "With the painted places 60 % grey, 1 of 1 network changes the answer: A. None of them "
        "gives its answer to the whole photo here, at any strength."
    )


def test_the_sentences_of_a_patch_and_of_a_search() -> None:
    t, patch = text("en"), Patch(0, 0, 4)
    assert fooling_figure.sentence({"A": KEPT, "B": KEPT}, patch, t) == (
        "This patch (25.0 % of the side) changes no network's answer."
    )
    assert fooling_figure.sentence({"A": LOST, "B": KEPT}, patch, t) == (
        "This patch (25.0 % of the side) fools A alone. Unchanged: B."
    )
    finds = {"a": Find(Patch(0, 0, 3), 1), "b": None, "c": Find(Patch(2, 2, 5), 1)}
    said = fooling_figure.searched(
        Search(finds, 8, 0, 0, over=True), {"a": "A", "b": "B", "c": "C"}, t
    )
    assert said == (
        "The smallest patch that fools one network alone has 3/16 of the side, and fools A. None "
        "on this grid fools one of these alone: B. The grid: 398 patches, sides from 1/16 to "
        "12/16, each every 2/16."
    )
    nothing = Search({"a": None}, 8, 0, 0, over=True)
    assert nothing.smallest == ()
    under_way = fooling_figure.searched(Search({"a": None}, 2, 64, 128), {"a": "A"}, t)
    assert under_way == "Searching: patches of 2/16 of the side, 64 of 128 answers."


def last_page(steps: Any) -> str:
    pages = [one for one in steps if one is not Turn.NETWORK]
    assert isinstance(pages[-1], str)
    return pages[-1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene_of_harm(lang: str) -> None:
    t, photo = text(lang), small_photo()
    keys = ["resnet50", "mini_resnet", "mini_densenet"]
    square = f"{owner(photo.key)}.100.0.500"
    page = last_page(breaking.breaking(t, photo, keys, "ship", "rotate", 50, "", square))
    ours = broken(load("mini_resnet"), photo, Harm("rotate", 0.5, Box(0.1, 0.0, 0.5, 0.5)), 8)
    (mine,) = re.findall(r'data-model="mini_resnet".*?data-after="([\d.]+)"', page)
    assert float(mine) == pytest.approx(ours.shares[1], abs=1e-4)
    assert page.count('class="ladder"') == page.count('class="signed"') == 2
    assert 'data-square="100.0.500"' in page
    # The photo is painted on only where that covers it.
    assert "data-rows" not in page
    assert t("closer.break_button.own") in page
    bare = last_page(breaking.breaking(t, photo, keys[1:], "", "cover", 50, "", ""))
    assert 'data-paints="closer-cover" data-rows="22" data-columns="28"' in bare
    assert 'data-square="100.0.1000"' in bare
    assert t("closer.break_button.own") not in bare
    whole = f"{owner(photo.key)}.28x22.{'f' * 154}"
    covered = last_page(breaking.breaking(t, photo, keys[1:], "", "cover", 100, whole, ""))
    assert t("closer.harm_done.paint", amount="100") in covered
    assert covered.count("h1v1h-1z") == 28 * 22
    with pytest.raises(Problem, match="no_event"):
        next(breaking.breaking(t, photo, keys, "", "burn", 50, "", ""))  # type: ignore[arg-type]
    assert html.escape(t("closer.break_bare")) in breaking.bare(t, FIVE, "", "cover", 50, "", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene_of_a_patch(lang: str) -> None:
    t, photo, keys = text(lang), small_photo(), ["mini_resnet", "mini_googlenet", "resnet50"]
    page = last_page(fooling.fooling(t, photo, keys, "12.20", 4, ""))
    assert 'data-spot="12.20" data-side="4" data-units="16"' in page
    ours = patched(load("mini_resnet"), photo, Patch(4, 8, 4))
    (mine,) = re.findall(r'data-model="mini_resnet".*?data-flips="(\w+)"', page)
    assert mine == str(ours.flips).lower()
    token = fooling.sought(photo.key, keys)
    assert f'data-search="{token}"' in page
    assert _PLAIN.fullmatch(fooling.sought(KEY, keys) + ".1")
    # Other networks, or another photo: nothing is searched.
    other = fooling.sought(photo.key, keys[1:])
    assert "data-search" in last_page(fooling.fooling(t, photo, keys, "", 4, f"{other}.1"))
    steps = [*fooling.fooling(t, photo, keys, "12.20", 4, f"{token}.3")]
    page = str(steps[-1])
    assert "data-search" not in page
    assert page.count('class="find') == 2
    assert t("closer.fool_grid", places=398, least=1, most=12, step=2, units=16) in page
    spots = re.findall(r'class="find" data-spot="([\d.]+)" data-side="(\d)"', page)
    for spot, side in spots:
        flips = [patched(load(key), photo, patch_at(spot, int(side))).flips for key in keys[:2]]
        assert sum(flips) == 1
    assert html.escape(t("closer.fool_bare")) in fooling.bare(t, FIVE, "", 4, "")
    assert t("closer.none_chosen") in str(next(fooling.fooling(t, photo, [], "", 4, "")))
