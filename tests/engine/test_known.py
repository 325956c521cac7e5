"""Whether a photo shows one of the ten things: tables, decision, the page's own examples."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from numpy.typing import NDArray

from demo.engine.known import JUDGE, judged, kinship, known, tables
from demo.page import photos
from demo.records import Photo
from demo.records.known import Known
from demo.zoo.bundled import CIFAR10_LABELS
from demo.zoo.imagenet import IMAGENET_LABELS
from demo.zoo.loading import LoadedModel, load


@pytest.fixture(scope="module")
def judge() -> LoadedModel:
    return load(JUDGE)


def answer(**shares: float) -> NDArray[np.float32]:
    """Probabilities of the labels named; the rest lies evenly on a hundred foods and tools."""
    p = np.zeros(1000, np.float32)
    for name, share in shares.items():
        p[IMAGENET_LABELS.index(name)] = share
    p[[*range(503, 510), *range(582, 602), *range(922, 995)]] += (1 - p.sum()) / 100
    return p


def test_every_label_of_the_tables_is_imagenets_and_stands_there_once() -> None:
    ten, ambiguous = tables()
    labels = [*chain.from_iterable(ten.values()), *chain.from_iterable(ambiguous.values())]
    assert set(labels) <= set(IMAGENET_LABELS)
    assert len(labels) == len(set(labels))


def test_the_tables_are_complete() -> None:
    ten, ambiguous = tables()
    assert tuple(ten) == CIFAR10_LABELS
    counts = {name: len(labels) for name, labels in ten.items()}
    assert counts == {
        "airplane": 2,
        "automobile": 9,
        "bird": 59,
        "cat": 5,
        "deer": 0,
        "dog": 118,
        "frog": 3,
        "horse": 1,
        "ship": 11,
        "truck": 5,
    }
    assert sum(map(len, ambiguous.values())) == 25
    assert kinship().ten.sum() == sum(counts.values())


@pytest.mark.parametrize(
    ("name", "first", "last"), [("dog", 151, 268), ("cat", 281, 285), ("frog", 30, 32)]
)
def test_breeds_and_kinds_are_whole_ranges_of_imagenet(name: str, first: int, last: int) -> None:
    assert tuple(tables()[0][name]) == IMAGENET_LABELS[first : last + 1]


def test_birds_are_the_three_ranges_of_imagenet() -> None:
    labels = IMAGENET_LABELS
    assert tuple(tables()[0]["bird"]) == (*labels[7:25], *labels[80:101], *labels[127:147])


@pytest.mark.parametrize(
    "label",
    ["lion", "tiger", "cheetah", "cougar", "timber wolf", "red fox", "zebra", "school bus"],
)
def test_what_is_like_one_of_the_ten_is_outside(label: str) -> None:
    index = IMAGENET_LABELS.index(label)
    assert not kinship().ten[index]
    assert not kinship().ambiguous[index]


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ({"lion": 0.9}, Known(False, "lion", 0.9)),
        ({"lion": 0.5, "beagle": 0.29}, Known(False, "lion", 0.5)),
        ({"lion": 0.5, "beagle": 0.31}, Known(True, "lion", 0.5)),
        # Several breeds together are one dog.
        ({"lion": 0.3, "beagle": 0.2, "basset": 0.2}, Known(True, "lion", 0.3)),
        # Unsure what it is: outside, and nothing is named.
        ({"lion": 0.19, "tiger": 0.1}, Known(False, "", 0.19)),
        ({"lion": 0.21, "tiger": 0.1}, Known(False, "lion", 0.21)),
        # The first class is a dog's, so it is not called another thing.
        ({"beagle": 0.12}, Known(True, "", 0.12)),
        # An antelope counts for neither: 0.15 and 0.2 of the 0.6 and 0.65 that are left.
        ({"impala": 0.4, "lion": 0.45, "beagle": 0.15}, Known(False, "lion", 0.45)),
        ({"impala": 0.35, "lion": 0.45, "beagle": 0.2}, Known(True, "lion", 0.45)),
        ({"impala": 0.9}, Known(True, "impala", 0.9)),
    ],
)
def test_the_decision(shares: dict[str, float], verdict: Known) -> None:
    found = judged(answer(**shares))
    assert (found.known, found.label) == (verdict.known, verdict.label)
    assert found.probability == pytest.approx(verdict.probability)


@pytest.mark.parametrize("side", [32, 64])
def test_a_small_picture_is_not_judged(judge: LoadedModel, side: int) -> None:
    lion = photos.load(photos.of_example("lion"))
    assert lion is not None
    small = Photo(f"small {side}", np.ascontiguousarray(lion.pixels[:side, :side]))
    assert known(judge, small) == Known(True)


@pytest.mark.parametrize(
    ("example", "there", "named"),
    [
        ("plane", True, ""),
        ("ship", True, "liner"),
        ("car", True, "racer"),
        ("truck", True, "garbage truck"),
        ("horse", True, "sorrel"),
        ("cheetah", False, "cheetah"),
        ("lion", False, "lion"),
        ("tower", False, ""),
        ("bus", False, ""),
    ],
)
def test_the_pages_own_examples(judge: LoadedModel, example: str, there: bool, named: str) -> None:
    photo = photos.load(photos.of_example(example))
    assert photo is not None
    verdict = known(judge, photo)
    assert (verdict.known, verdict.label) == (there, named)
