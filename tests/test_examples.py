from __future__ import annotations

import numpy as np
import pytest

from demo.engine.predict import scores
from demo.examples import DRAWN, SIDE, draw
from demo.photo import from_image
from demo.zoo.bundled import BUNDLED
from demo.zoo.loading import load


def test_there_are_pictures_for_the_page_to_offer() -> None:
    assert DRAWN == ("plane", "ship", "car", "truck", "horse")


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_the_same_picture_every_time(name: str) -> None:
    one, two = draw(name), draw(name)
    assert (one.mode, one.size, SIDE) == ("RGB", (512, 512), 512)
    assert one.tobytes() == two.tobytes()


def test_pictures_differ() -> None:
    keys = {from_image(draw(name)).key for name in DRAWN}
    assert len(keys) == len(DRAWN)


@pytest.mark.parametrize(
    ("name", "place", "colour"),
    [
        # (x, y) in px of the picture, well within the thing.
        ("car", (200, 290), (198, 34, 38)),
        ("truck", (180, 180), (232, 234, 236)),
        ("horse", (60, 340), (60, 36, 24)),  # its tail: the coat has grain
        ("ship", (256, 300), (42, 46, 60)),
        ("plane", (256, 230), (236, 238, 242)),
    ],
)
def test_things_have_their_colours(
    name: str, place: tuple[int, int], colour: tuple[int, int, int]
) -> None:
    x, y = place
    found = np.array(draw(name))[y, x].astype(int)
    assert np.abs(found - colour).max() <= 2


@pytest.mark.parametrize(
    ("name", "high", "low"),
    [
        ("plane", (92, 146, 208), (190, 215, 238)),  # sky, lighter below
        ("ship", (150, 190, 225), (24, 58, 92)),  # sky above, sea below
        ("horse", (150, 192, 228), (82, 122, 52)),  # sky above, meadow below
    ],
)
def test_the_ground_is_a_gradient(
    name: str, high: tuple[int, int, int], low: tuple[int, int, int]
) -> None:
    pixels = np.asarray(draw(name), float)
    # Means, since single pixels carry grain, waves and grass.
    assert np.abs(pixels[:4, 100:200].mean(axis=(0, 1)) - high).max() < 4
    assert np.abs(pixels[-4:, :60].mean(axis=(0, 1)) - low).max() < 12


def test_edges_are_smooth() -> None:
    # From the sky into the ship's black funnel: a pixel lies between both.
    reds = np.asarray(draw("ship"))[72, 240:249, 0].astype(int)
    assert (reds[:4] > 140).all()
    assert 60 < reds[4] < 140
    assert np.abs(reds[6:] - 38).max() <= 3


def test_there_is_no_picture_of_another_name() -> None:
    with pytest.raises(KeyError):
        draw("unicorn")


SHOWN = {
    "plane": "airplane",
    "ship": "ship",
    "car": "automobile",
    "truck": "truck",
    "horse": "horse",
}


@pytest.mark.parametrize("name", DRAWN)
def test_the_bundled_networks_recognise_every_picture(name: str) -> None:
    photo = from_image(draw(name), name)
    for one in BUNDLED:
        answer = scores(load(one.key), photo)
        assert one.labels[answer.top] == SHOWN[name]
        assert answer.probabilities.max() > 0.8
