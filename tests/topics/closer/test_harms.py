"""What is done to a picture, by hand: covered, blurred, shifted, rotated, cropped, made noisy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demo.records import Box
from demo.topics.closer.numbers.breaking import coverage, harmed, on_input, region, sampled
from demo.topics.closer.records.breaking import KINDS, LEVELS, Harm, Kind

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
