"""Small pictures that our own code draws: examples that need no photo of anybody's.

Each is drawn three times too large and then reduced, so that edges are smooth.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from demo.examples.horse import horse
from demo.examples.pen import SIDE
from demo.examples.vehicles import car, plane, ship, truck

_BY_NAME: dict[str, Callable[[], Image.Image]] = {
    "plane": plane,
    "ship": ship,
    "car": car,
    "truck": truck,
    "horse": horse,
}
DRAWN: tuple[str, ...] = tuple(_BY_NAME)
"""Names of the pictures, in the order in which the page offers them."""


def draw(name: str) -> Image.Image:
    """One picture, SIDE x SIDE, RGB; the same pixels every time.

    Raises:
        KeyError: if there is no such picture.
    """
    big = _BY_NAME[name]()
    return big.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
