"""Small scenes that our own code draws: examples that need no photo of anybody's.

Each is drawn three times too large and then reduced, so that edges are smooth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 512
_SCALE = 3
_BIG = SIDE * _SCALE

Colour = tuple[int, int, int]
Point = tuple[float, float]


def _ground(*stops: tuple[float, Colour]) -> Image.Image:
    """Vertical gradient through (height in [0, 1], colour), with a little grain."""
    heights = np.linspace(0, 1, _BIG)
    columns = [
        np.interp(heights, [h for h, _ in stops], [c[i] for _, c in stops]) for i in (0, 1, 2)
    ]
    pixels = np.stack(columns, axis=1)[:, None, :].repeat(_BIG, axis=1)
    grain = np.random.default_rng(0).normal(0, 5, (_BIG // 6, _BIG // 6, 1))
    grain = np.kron(grain, np.ones((6, 6, 1)))[:_BIG, :_BIG]
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


class _Pen:
    """Draws in units of the scene's side: (0, 0) is top left, (1, 1) bottom right."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.draw = ImageDraw.Draw(picture)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self.draw.polygon([(x * _BIG, y * _BIG) for x, y in points], fill=colour)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        box = ((x - rx) * _BIG, (y - ry) * _BIG, (x + rx) * _BIG, (y + ry) * _BIG)
        self.draw.ellipse(box, fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        scaled = [(x * _BIG, y * _BIG) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * _BIG), joint="curve")

    def block(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, r: float = 0.02
    ) -> None:
        box = (left * _BIG, top * _BIG, right * _BIG, bottom * _BIG)
        self.draw.rounded_rectangle(box, radius=r * _BIG, fill=colour)

    def shadow(self, x: float, y: float, rx: float, ry: float) -> None:
        """A soft dark patch on the ground."""
        mask = Image.new("L", self.picture.size, 0)
        box = ((x - rx) * _BIG, (y - ry) * _BIG, (x + rx) * _BIG, (y + ry) * _BIG)
        ImageDraw.Draw(mask).ellipse(box, fill=150)
        mask = mask.filter(ImageFilter.GaussianBlur(0.02 * _BIG))
        self.picture.paste((15, 15, 18), (0, 0), mask)
        self.draw = ImageDraw.Draw(self.picture)


def _plane() -> Image.Image:
    pen = _Pen(_ground((0, (92, 146, 208)), (0.7, (150, 190, 230)), (1, (190, 215, 238))))
    for x, y, r in ((0.15, 0.82, 0.09), (0.27, 0.85, 0.12), (0.82, 0.17, 0.07), (0.9, 0.2, 0.09)):
        pen.ellipse(x, y, r * 1.5, r * 0.5, (226, 234, 243))
    body, shade, dark = (236, 238, 242), (178, 186, 198), (70, 78, 92)
    pen.polygon([(0.47, 0.47), (0.62, 0.45), (0.36, 0.16), (0.27, 0.17)], shade)
    pen.polygon([(0.12, 0.46), (0.2, 0.46), (0.1, 0.26), (0.04, 0.27)], (52, 92, 160))
    pen.polygon(
        [
            (0.06, 0.47),
            (0.2, 0.43),
            (0.78, 0.42),
            (0.9, 0.46),
            (0.95, 0.51),
            (0.88, 0.55),
            (0.7, 0.57),
            (0.25, 0.56),
            (0.1, 0.51),
        ],
        body,
    )
    pen.polygon([(0.1, 0.51), (0.95, 0.52), (0.88, 0.55), (0.7, 0.57), (0.25, 0.56)], shade)
    pen.polygon([(0.42, 0.53), (0.62, 0.53), (0.4, 0.86), (0.3, 0.86)], (200, 206, 216))
    pen.polygon([(0.1, 0.5), (0.2, 0.5), (0.1, 0.62), (0.04, 0.62)], shade)
    pen.block(0.44, 0.6, 0.58, 0.66, (128, 136, 150), 0.03)
    for i in range(12):
        pen.ellipse(0.28 + 0.042 * i, 0.475, 0.009, 0.012, dark)
    pen.polygon([(0.86, 0.45), (0.9, 0.465), (0.915, 0.485), (0.86, 0.48)], dark)
    return pen.picture


def _ship() -> Image.Image:
    pen = _Pen(
        _ground(
            (0, (150, 190, 225)), (0.55, (205, 222, 235)), (0.56, (52, 98, 138)), (1, (24, 58, 92))
        )
    )
    rows = np.random.default_rng(1)
    for _ in range(90):
        x, y = rows.random(), 0.6 + 0.4 * rows.random()
        pen.line([(x, y), (x + 0.03 + 0.05 * y, y)], 0.003, (92, 138, 172))
    pen.polygon([(0.06, 0.52), (0.96, 0.5), (0.86, 0.7), (0.14, 0.7)], (42, 46, 60))
    pen.polygon([(0.12, 0.65), (0.885, 0.65), (0.86, 0.71), (0.14, 0.71)], (150, 44, 40))
    pen.block(0.2, 0.4, 0.66, 0.52, (238, 238, 234), 0.01)
    pen.block(0.26, 0.3, 0.56, 0.41, (226, 228, 228), 0.01)
    pen.block(0.32, 0.22, 0.46, 0.31, (238, 238, 234), 0.01)
    pen.polygon([(0.47, 0.3), (0.48, 0.12), (0.56, 0.12), (0.57, 0.3)], (196, 66, 50))
    pen.block(0.478, 0.12, 0.562, 0.16, (38, 38, 44), 0.0)
    for i in range(9):
        pen.ellipse(0.24 + 0.047 * i, 0.46, 0.012, 0.012, (58, 80, 104))
    for i in range(6):
        pen.block(0.28 + 0.045 * i, 0.34, 0.305 + 0.045 * i, 0.37, (58, 80, 104), 0.002)
    pen.line([(0.78, 0.5), (0.78, 0.24)], 0.01, (90, 90, 96))
    pen.line([(0.78, 0.26), (0.93, 0.48)], 0.004, (90, 90, 96))
    pen.line([(0.02, 0.715), (0.98, 0.715)], 0.008, (196, 214, 226))
    return pen.picture


def _road() -> _Pen:
    pen = _Pen(
        _ground(
            (0, (176, 204, 228)),
            (0.42, (214, 226, 234)),
            (0.43, (104, 132, 84)),
            (0.58, (92, 118, 74)),
            (0.585, (104, 104, 108)),
            (1, (78, 78, 84)),
        )
    )
    for x in (0.04, 0.38, 0.72):
        pen.polygon(
            [(x, 0.93), (x + 0.2, 0.93), (x + 0.19, 0.96), (x - 0.02, 0.96)], (214, 210, 196)
        )
    return pen


def _wheel(pen: _Pen, x: float, y: float, r: float) -> None:
    pen.ellipse(x, y, r, r, (24, 24, 28))
    pen.ellipse(x, y, r * 0.58, r * 0.58, (178, 182, 190))
    pen.ellipse(x, y, r * 0.2, r * 0.2, (60, 62, 70))


def _car() -> Image.Image:
    pen = _road()
    pen.shadow(0.5, 0.8, 0.47, 0.05)
    red, dark, glass = (198, 34, 38), (138, 20, 26), (66, 86, 106)
    pen.polygon([(0.24, 0.5), (0.36, 0.31), (0.64, 0.3), (0.8, 0.5)], red)
    pen.polygon([(0.29, 0.49), (0.38, 0.345), (0.495, 0.34), (0.495, 0.49)], glass)
    pen.polygon([(0.53, 0.49), (0.53, 0.34), (0.63, 0.34), (0.74, 0.49)], glass)
    pen.polygon(
        [
            (0.05, 0.6),
            (0.08, 0.52),
            (0.24, 0.48),
            (0.8, 0.48),
            (0.93, 0.54),
            (0.96, 0.66),
            (0.94, 0.74),
            (0.06, 0.74),
        ],
        red,
    )
    pen.polygon([(0.05, 0.66), (0.96, 0.66), (0.94, 0.75), (0.06, 0.75)], dark)
    pen.line([(0.51, 0.5), (0.51, 0.7)], 0.004, dark)
    pen.block(0.55, 0.55, 0.6, 0.565, dark, 0.005)
    pen.ellipse(0.92, 0.585, 0.025, 0.02, (252, 240, 200))
    pen.ellipse(0.075, 0.575, 0.018, 0.02, (250, 120, 90))
    _wheel(pen, 0.25, 0.74, 0.095)
    _wheel(pen, 0.76, 0.74, 0.095)
    return pen.picture


def _truck() -> Image.Image:
    pen = _road()
    pen.shadow(0.5, 0.84, 0.48, 0.05)
    pen.block(0.04, 0.22, 0.64, 0.68, (232, 234, 236), 0.01)
    pen.block(0.04, 0.6, 0.64, 0.68, (188, 192, 198), 0.01)
    for i in range(1, 6):
        pen.line([(0.04 + 0.1 * i, 0.23), (0.04 + 0.1 * i, 0.6)], 0.004, (206, 208, 212))
    pen.block(0.04, 0.68, 0.95, 0.76, (50, 52, 58), 0.0)
    pen.polygon(
        [(0.66, 0.34), (0.84, 0.34), (0.93, 0.52), (0.96, 0.56), (0.96, 0.74), (0.66, 0.74)],
        (36, 84, 168),
    )
    pen.polygon([(0.72, 0.39), (0.83, 0.39), (0.895, 0.52), (0.72, 0.52)], (150, 184, 208))
    pen.ellipse(0.94, 0.64, 0.018, 0.025, (252, 240, 200))
    for x in (0.16, 0.31, 0.82):
        _wheel(pen, x, 0.78, 0.085)
    return pen.picture


def _meadow() -> _Pen:
    pen = _Pen(
        _ground(
            (0, (150, 192, 228)), (0.38, (206, 224, 232)), (0.4, (118, 150, 84)), (1, (82, 122, 52))
        )
    )
    grass = np.random.default_rng(2)
    for _ in range(500):
        x, y = grass.random(), 0.44 + 0.56 * grass.random()
        pen.line([(x, y), (x + 0.006, y - 0.03)], 0.003, (104, 146, 66))
    return pen


def _horse() -> Image.Image:
    pen = _meadow()
    pen.shadow(0.48, 0.9, 0.36, 0.04)
    brown, dark, mane = (124, 74, 40), (92, 52, 28), (40, 26, 20)
    for x, lean in ((0.27, -0.02), (0.62, 0.02)):
        pen.polygon(
            [(x - 0.04, 0.55), (x + 0.06, 0.55), (x + 0.03 + lean, 0.9), (x - 0.01 + lean, 0.9)],
            dark,
        )
    pen.polygon([(0.14, 0.4), (0.2, 0.4), (0.17, 0.66), (0.11, 0.74), (0.1, 0.6)], mane)
    pen.ellipse(0.44, 0.48, 0.26, 0.13, brown)
    pen.ellipse(0.25, 0.46, 0.1, 0.12, brown)
    for x, lean in ((0.21, -0.01), (0.56, 0.02)):
        pen.polygon(
            [
                (x - 0.05, 0.52),
                (x + 0.07, 0.52),
                (x + 0.04 + lean, 0.72),
                (x + 0.035 + lean, 0.92),
                (x - 0.015 + lean, 0.92),
                (x - 0.01 + lean, 0.72),
            ],
            brown,
        )
    pen.polygon([(0.54, 0.42), (0.68, 0.5), (0.8, 0.24), (0.7, 0.14)], brown)
    pen.polygon([(0.7, 0.12), (0.8, 0.14), (0.93, 0.33), (0.88, 0.39), (0.74, 0.28)], brown)
    pen.polygon([(0.71, 0.14), (0.73, 0.06), (0.77, 0.13)], brown)
    pen.polygon([(0.71, 0.11), (0.64, 0.2), (0.5, 0.4), (0.57, 0.42), (0.68, 0.27)], mane)
    pen.ellipse(0.79, 0.2, 0.012, 0.012, (16, 12, 10))
    return pen.picture


_DRAWN: dict[str, Callable[[], Image.Image]] = {
    "plane": _plane,
    "ship": _ship,
    "car": _car,
    "truck": _truck,
    "horse": _horse,
}
SCENES: tuple[str, ...] = tuple(_DRAWN)
"""Names of the scenes, in the order in which the page offers them."""


def draw(name: str) -> Image.Image:
    """One scene, SIDE x SIDE, RGB; the same pixels every time.

    Raises:
        KeyError: if there is no such scene.
    """
    big = _DRAWN[name]()
    return big.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
