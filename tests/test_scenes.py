from __future__ import annotations

import numpy as np
import pytest

from demo.photo import from_image
from demo.scenes import SCENES, SIDE, draw


def test_there_are_scenes_for_the_page_to_offer() -> None:
    assert SCENES == ("plane", "ship", "car", "truck", "horse")


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_the_same_picture_every_time(name: str) -> None:
    one, two = draw(name), draw(name)
    assert (one.mode, one.size) == ("RGB", (SIDE, SIDE))
    assert one.tobytes() == two.tobytes()


def test_scenes_differ() -> None:
    keys = {from_image(draw(name)).key for name in SCENES}
    assert len(keys) == len(SCENES)


@pytest.mark.parametrize(
    ("name", "place", "colour"),
    [
        # (x, y) in px of the scene: the car's door, the truck's box, a horse's body, a ship's hull.
        ("car", (200, 290), (198, 34, 38)),
        ("truck", (180, 180), (232, 234, 236)),
        ("horse", (225, 246), (124, 74, 40)),
        ("ship", (256, 300), (42, 46, 60)),
        ("plane", (256, 265), (236, 238, 242)),
    ],
)
def test_things_have_their_colours(
    name: str, place: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    x, y = place
    found = np.array(draw(name))[y, x].astype(int)
    assert np.abs(found - colour).max() <= 2


def test_there_is_no_scene_of_another_name() -> None:
    with pytest.raises(KeyError):
        draw("unicorn")
