"""What networks make of a harmed photo: their answers, how long they hold, what is said of it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.page.page import _PLAIN
from demo.records import Box, Photo, Problem
from demo.text import LANGUAGES, text
from demo.topics.closer.breaking import broken, climbing, picture_of
from demo.topics.closer.explain import finished
from demo.topics.closer.figures import breaking as figure
from demo.topics.closer.records.breaking import (
    KINDS,
    LEVELS,
    Broken,
    Harm,
    Ladder,
    longest,
    soonest,
    square_of,
)
from demo.topics.closer.records.maps import Explanation
from demo.topics.closer.records.marks import Mark, owner, painted
from demo.topics.closer.scenes import breaking
from demo.topics.closer.scenes.chosen import FIVE
from demo.zoo.loading import load
from tests.compared import answer
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import last_page, linear, small

Loaded = Callable[..., Any]
FULL = Box(0.0, 0.0, 1.0, 1.0)
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


def test_of_a_linear_network(loaded: Loaded, ramp: Photo) -> None:
    # Logits are means of 3 R + 10 - G and of R - 10 + G, here of values that are 255 times smaller.
    model = small(loaded(linear(), ("0",), 2))
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
    model = small(loaded(linear(), ("0",), 2))
    for kind in KINDS:
        found = finished(climbing(model, ramp, Harm(kind, 0.3)))
        assert found.probabilities.shape == (21, 2)
        for place in (0, 7, 20):
            one = broken(model, ramp, Harm(kind, LEVELS[place]))
            assert found.probabilities[place] == pytest.approx(one.after.probabilities, abs=1e-5)
        assert finished(climbing(model, ramp, Harm(kind, 0.9))) is found


def test_it_says_how_far_it_is_and_can_be_left() -> None:
    steps = climbing(load("efficientnet_lite0"), small_photo(), Harm("blur", 0.1))
    assert [next(steps), next(steps)] == [(0, 21), (4, 21)]
    steps.close()


@pytest.mark.parametrize(
    ("harm", "key"),
    [(Harm("telepathy", 0.1), "no_harm"), (Harm("blur", 1.5), "no_strength")],  # type: ignore[arg-type]
)
def test_what_there_is_not_is_said(harm: Harm, key: str) -> None:
    with pytest.raises(Problem, match=key):
        broken(load("mini_resnet"), small_photo(), harm)


def changed(before: tuple[float, ...], now: tuple[float, ...]) -> Broken:
    raw = np.array([[0.0, 2.0], [-1.0, 1.0]], np.float32)
    explained = Explanation("m", "gradcam", "l", 0, None, raw, 0.0, FULL)
    return Broken(answer(before), answer(now), explained)


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
    # What is covered lies on the large photo too, once for each square that a network is given.
    grey = '<i class="covering" style="--share:0.5"></i>'
    assert (bare.count(grey), page.count("covering")) == (1, 0)
    two = ["mini_resnet", "efficientnet_lite0"]
    shown = last_page(breaking.breaking(t, photo, two, "", "cover", 50, "", ""))
    assert re.findall('class="(seen|square)" style="[^"]*">' + grey, shown) == ["seen", "square"]
    whole = f"{owner(photo.key)}.28x22.{'f' * 154}"
    covered = last_page(breaking.breaking(t, photo, keys[1:], "", "cover", 100, whole, ""))
    assert t("closer.harm_done.paint", amount="100") in covered
    assert covered.count("h1v1h-1z") == 28 * 22
    assert "covering" not in covered
    with pytest.raises(Problem, match="no_event"):
        next(breaking.breaking(t, photo, keys, "", "burn", 50, "", ""))  # type: ignore[arg-type]
    assert html.escape(t("closer.break_bare")) in breaking.bare(t, FIVE, "", "cover", 50, "", "")
