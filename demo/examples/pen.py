"""What the pictures are drawn with: a ground and a pen, three times too large for smooth edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 512
_SCALE = 3
BIG = SIDE * _SCALE

Colour = tuple[int, int, int]
Point = tuple[float, float]


def ground(*stops: tuple[float, Colour]) -> Image.Image:
    """Vertical gradient through (height in [0, 1], colour), with a little grain."""
    heights = np.linspace(0, 1, BIG)
    columns = [
        np.interp(heights, [h for h, _ in stops], [c[i] for _, c in stops]) for i in (0, 1, 2)
    ]
    pixels = np.stack(columns, axis=1)[:, None, :].repeat(BIG, axis=1)
    return Image.fromarray(np.clip(pixels + _grain(0, 5), 0, 255).astype(np.uint8))


def _grain(seed: int, strength: float) -> NDArray[np.float64]:
    """Noise in cells of two pixels of the reduced picture, for all three colours alike."""
    grain = np.random.default_rng(seed).normal(0, strength, (BIG // 6, BIG // 6, 1))
    return np.kron(grain, np.ones((6, 6, 1)))


def smooth(points: Sequence[Point]) -> list[Point]:
    """A closed Catmull-Rom curve through the points."""
    p = np.asarray(points)
    a, b, c, d = (np.roll(p, shift, axis=0)[:, None, :] for shift in (1, 0, -1, -2))
    t = np.linspace(0, 1, 12, endpoint=False)[None, :, None]
    curve = b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]


class Pen:
    """Draws in units of the picture's side: (0, 0) is top left, (1, 1) bottom right."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture = picture
        self.draw = ImageDraw.Draw(picture)

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """A shape with straight edges."""
        self.draw.polygon([(x * BIG, y * BIG) for x, y in points], fill=colour)

    def curve(self, points: Sequence[Point], colour: Colour) -> None:
        """A closed shape whose outline runs smoothly through the points."""
        self.polygon(smooth(points), colour)

    def spots(
        self, outline: Sequence[Point], spots: Sequence[tuple[Point, Point]], colour: Colour
    ) -> None:
        """Soft spots of light or shade, (centre, radii) each, on the shape within the outline."""
        spot = Image.new("L", self.picture.size, 0)
        for (x, y), (rx, ry) in spots:
            box = ((x - rx) * BIG, (y - ry) * BIG, (x + rx) * BIG, (y + ry) * BIG)
            ImageDraw.Draw(spot).ellipse(box, fill=200)
        spot = spot.filter(ImageFilter.GaussianBlur(0.02 * BIG))
        self._paste(Image.new("RGB", self.picture.size, colour), spot, [outline])

    def coat(self, outlines: Sequence[Sequence[Point]], strength: float) -> None:
        """Grain as of short hair on the shapes within these outlines."""
        grain = _grain(7, strength)
        hairy = np.clip(np.asarray(self.picture) + grain, 0, 255).astype(np.uint8)
        whole = Image.new("L", self.picture.size, 255)
        self._paste(Image.fromarray(hairy), whole, outlines)

    def _paste(
        self, picture: Image.Image, mask: Image.Image, outlines: Sequence[Sequence[Point]]
    ) -> None:
        within = Image.new("L", self.picture.size, 0)
        for outline in outlines:
            points = [(x * BIG, y * BIG) for x, y in smooth(outline)]
            ImageDraw.Draw(within).polygon(points, fill=255)
        self.picture.paste(picture, (0, 0), ImageChops.multiply(mask, within))
        self.draw = ImageDraw.Draw(self.picture)

    def ellipse(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        """An ellipse around (x, y)."""
        box = ((x - rx) * BIG, (y - ry) * BIG, (x + rx) * BIG, (y + ry) * BIG)
        self.draw.ellipse(box, fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line through the points."""
        scaled = [(x * BIG, y * BIG) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * BIG), joint="curve")

    def block(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, r: float = 0.02
    ) -> None:
        """A rectangle with round corners."""
        box = (left * BIG, top * BIG, right * BIG, bottom * BIG)
        self.draw.rounded_rectangle(box, radius=r * BIG, fill=colour)

    def shadow(self, x: float, y: float, rx: float, ry: float) -> None:
        """A soft dark patch on the ground."""
        mask = Image.new("L", self.picture.size, 0)
        box = ((x - rx) * BIG, (y - ry) * BIG, (x + rx) * BIG, (y + ry) * BIG)
        ImageDraw.Draw(mask).ellipse(box, fill=150)
        mask = mask.filter(ImageFilter.GaussianBlur(0.02 * BIG))
        self.picture.paste((15, 15, 18), (0, 0), mask)
        self.draw = ImageDraw.Draw(self.picture)
