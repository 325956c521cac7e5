"""Small scenes that our own code draws: examples that need no photo of anybody's.

Each is drawn three times too large and then reduced, so that edges are smooth.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from demo.scenes.horse import horse
from demo.scenes.pen import SIDE
from demo.scenes.vehicles import car, plane, ship, truck

_DRAWN: dict[str, Callable[[], Image.Image]] = {
    "plane": plane,
    "ship": ship,
    "car": car,
    "truck": truck,
    "horse": horse,
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
