"""A horse in a meadow: its outline is a curve, and its coat has a grain.

Without them, EfficientNet-Lite0 takes a drawn horse for a pinwheel or a piggy bank.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from demo.examples.pen import Colour, Pen, Point, ground

BAY, SHADE, LIGHT = (124, 66, 36), (72, 38, 22), (168, 98, 56)
MANE, HOOF, WHITE, EYE = (60, 36, 24), (44, 36, 32), (232, 224, 214), (16, 12, 10)

# x from the leg's own axis; the two points at y = 0.885 are its foot.
FORELEG = (
    (-0.05, 0.5),
    (-0.035, 0.62),
    (-0.022, 0.7),
    (-0.016, 0.76),
    (-0.015, 0.84),
    (-0.02, 0.885),
    (0.022, 0.885),
    (0.014, 0.84),
    (0.014, 0.76),
    (0.022, 0.7),
    (0.035, 0.62),
    (0.05, 0.5),
)
HINDLEG = (
    (-0.06, 0.44),
    (-0.055, 0.56),
    (-0.04, 0.64),
    (-0.045, 0.7),
    (-0.032, 0.76),
    (-0.022, 0.84),
    (-0.022, 0.885),
    (0.02, 0.885),
    (0.01, 0.84),
    (0.004, 0.76),
    (0.012, 0.69),
    (0.05, 0.62),
    (0.1, 0.52),
    (0.06, 0.44),
)
FOOT = 0.885
# From the tail over back, neck and head, down the chest and along the belly.
BODY = (
    (0.155, 0.43),
    (0.185, 0.375),
    (0.24, 0.35),
    (0.31, 0.352),
    (0.4, 0.375),
    (0.48, 0.375),
    (0.545, 0.345),
    (0.6, 0.275),
    (0.65, 0.19),
    (0.7, 0.125),
    (0.735, 0.105),
    (0.765, 0.12),
    (0.795, 0.165),
    (0.83, 0.225),
    (0.887, 0.275),
    (0.901, 0.305),
    (0.885, 0.332),
    (0.83, 0.337),
    (0.8, 0.345),
    (0.765, 0.31),
    (0.735, 0.275),
    (0.725, 0.3),
    (0.722, 0.37),
    (0.725, 0.44),
    (0.71, 0.51),
    (0.65, 0.575),
    (0.56, 0.605),
    (0.45, 0.61),
    (0.36, 0.588),
    (0.28, 0.55),
    (0.2, 0.55),
    (0.16, 0.5),
)
TAIL = (
    (0.17, 0.39),
    (0.13, 0.44),
    (0.1, 0.58),
    (0.075, 0.78),
    (0.13, 0.74),
    (0.16, 0.56),
    (0.19, 0.44),
)
NECK = (
    (0.71, 0.1),
    (0.655, 0.15),
    (0.6, 0.22),
    (0.545, 0.31),
    (0.53, 0.38),
    (0.6, 0.39),
    (0.64, 0.31),
    (0.675, 0.24),
    (0.715, 0.17),
)
BLAZE = (
    (0.775, 0.145),
    (0.81, 0.2),
    (0.852, 0.27),
    (0.862, 0.285),
    (0.84, 0.262),
    (0.795, 0.2),
)


def _meadow() -> Pen:
    pen = Pen(
        ground(
            (0, (150, 192, 228)), (0.38, (206, 224, 232)), (0.4, (118, 150, 84)), (1, (82, 122, 52))
        )
    )
    grass = np.random.default_rng(2)
    for _ in range(500):
        x, y = grass.random(), 0.44 + 0.56 * grass.random()
        pen.line([(x, y), (x + 0.006, y - 0.03)], 0.003, (104, 146, 66))
    return pen


def _at(leg: tuple[Point, ...], x: float) -> list[Point]:
    return [(x + dx, y) for dx, y in leg]


def _leg(pen: Pen, outline: list[Point], colour: Colour) -> None:
    pen.curve(outline, colour)
    left, right = (x for x, y in outline if y == FOOT)
    top, ground = FOOT - 0.015, FOOT + 0.03
    pen.polygon([(left, top), (right, top), (right + 0.012, ground), (left - 0.008, ground)], HOOF)


def _mane(pen: Pen) -> None:
    pen.curve(NECK, MANE)
    random = np.random.default_rng(5)
    for _ in range(150):
        down, aside = random.random(), 0.01 + 0.03 * random.random()
        x, y = 0.7 - 0.15 * down, 0.12 + 0.22 * down
        colour = tuple((np.array(MANE) * (0.7 + 0.6 * random.random())).astype(int).tolist())
        pen.line([(x, y), (x + aside, y + 0.05 + 0.06 * random.random())], 0.004, colour)


def horse() -> Image.Image:
    """A bay horse from the side."""
    pen = _meadow()
    pen.shadow(0.45, 0.91, 0.36, 0.035)
    near = [_at(FORELEG, 0.65), _at(HINDLEG, 0.215)]
    for leg in (_at(FORELEG, 0.59), _at(HINDLEG, 0.285)):
        _leg(pen, leg, SHADE)
    pen.curve(TAIL, MANE)
    for leg in near:
        _leg(pen, leg, BAY)
    pen.curve(BODY, BAY)
    lit = (((0.3, 0.36), (0.16, 0.035)), ((0.5, 0.38), (0.1, 0.03)), ((0.64, 0.28), (0.05, 0.1)))
    pen.spots(BODY, (*lit, ((0.2, 0.42), (0.05, 0.07))), LIGHT)
    dim = (((0.45, 0.61), (0.2, 0.05)), ((0.7, 0.42), (0.03, 0.12)), ((0.78, 0.3), (0.05, 0.025)))
    pen.spots(BODY, dim, SHADE)
    _mane(pen)
    pen.coat([BODY, *near], 6)
    pen.polygon([(0.705, 0.12), (0.715, 0.05), (0.74, 0.11)], BAY)
    pen.polygon([(0.735, 0.115), (0.752, 0.055), (0.765, 0.125)], SHADE)
    pen.curve(BLAZE, WHITE)
    pen.ellipse(0.765, 0.178, 0.011, 0.011, EYE)
    pen.ellipse(0.853, 0.302, 0.007, 0.006, SHADE)
    return pen.picture
