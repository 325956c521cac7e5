"""A set as its owner changes it: literal sets before and after."""

from __future__ import annotations

import time

import numpy as np
import pytest

from demo.records import Photo, Problem
from demo.topics.train.editing import (
    EMPTY,
    added,
    class_name,
    merged,
    renamed,
    without_class,
    without_photo,
)
from demo.topics.train.records import PhotoSet, shown_name


def photos(*keys: str) -> list[Photo]:
    return [Photo(key, np.zeros((2, 2, 3), np.uint8)) for key in keys]


def of(*rows: tuple[str, str]) -> PhotoSet:
    """A set of (class, key)."""
    made = EMPTY
    for name, keys in rows:
        made = added(made, name, photos(*keys), [f"{key}.png" for key in keys])
    return made


def told(photos: PhotoSet) -> list[tuple[str, str, str]]:
    """(class, key, name) of each photo."""
    return [
        (photos.classes[label], photo.key, name)
        for label, photo, name in zip(
            photos.labels.tolist(), photos.photos, photos.names, strict=True
        )
    ]


PETS = of(("cat", "ab"), ("犬", "cd"))


def test_photos_are_added_to_the_class_of_their_name() -> None:
    more = added(PETS, "cat", photos("e"), ["e.png"])
    assert more.classes == ("cat", "犬")
    assert more.counts == (3, 2)
    assert told(more)[-1] == ("cat", "e", "e.png")
    assert added(more, "Füchse", photos("f"), ["f"]).classes == ("cat", "犬", "Füchse")


def test_a_photo_is_in_the_set_once() -> None:
    more = added(PETS, "fox", photos("a", "e", "e"), ["1", "2", "3"])
    assert told(more)[4:] == [("fox", "e", "2")]
    assert [(row.name, row.why.key) for row in more.skipped] == [
        ("1", "train.skipped.twice"),
        ("3", "train.skipped.twice"),
    ]
    # A class of which nothing is new is none.
    assert added(PETS, "fox", photos("a"), ["1"]).classes == ("cat", "犬")


def test_sets_become_one() -> None:
    both = merged(PETS, of(("犬", "xc"), ("owl", "yz")))
    assert both.classes == ("cat", "犬", "owl")
    assert both.counts == (2, 3, 2)
    assert [row.name for row in both.skipped] == ["c.png"]


def test_a_photo_goes_and_with_its_last_one_the_class() -> None:
    less = without_photo(PETS, "a")
    assert told(less) == [("cat", "b", "b.png"), ("犬", "c", "c.png"), ("犬", "d", "d.png")]
    left = without_photo(less, "b")
    assert left.classes == ("犬",)
    assert left.labels.tolist() == [0, 0]
    assert told(without_photo(PETS, "nobody")) == told(PETS)


def test_a_class_goes_with_its_photos() -> None:
    assert told(without_class(PETS, "cat")) == [("犬", "c", "c.png"), ("犬", "d", "d.png")]
    assert without_class(PETS, "nobody") is PETS
    assert without_class(without_class(PETS, "cat"), "犬").photos == ()


def test_a_class_is_called_otherwise_or_joins_another() -> None:
    assert renamed(PETS, "犬", " Hund ").classes == ("cat", "Hund")
    joined = renamed(PETS, "cat", "犬")
    assert joined.classes == ("犬",)
    assert joined.labels.tolist() == [0, 0, 0, 0]
    assert renamed(PETS, "nobody", "x") is PETS


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  猫 ", "猫"),
        ("a\u202eb\x00c", "abc"),
        ("e\u0301", "é"),
        ("قطة", "قطة"),
        ("x" * 50, "x" * 40),
        ("\u200b", ""),
        ("a\u00ad\u2060\U000e0041b", "ab"),
        ("\u3164\u115f\u1160\uffa0", ""),
        ("a\ud800b\udfff", "ab"),
        ("e\u200d\u0301", "é"),
    ],
)
def test_a_name_is_in_any_language_and_can_be_seen(written: str, name: str) -> None:
    assert class_name(written) == name


def test_a_long_name_is_not_composed_whole() -> None:
    # Marks in the wrong order are sorted one by one: twice as many take four times as long.
    marks = "\u0301\u0323" * 60_000
    began = time.process_time()
    assert class_name(f"a{marks}") == "ạ" + "\u0323" * 39
    assert time.process_time() - began < 1


def test_a_file_s_long_name_is_shown_from_its_end() -> None:
    assert shown_name("cat/1.png") == "cat/1.png"
    assert shown_name("a" * 80) == "a" * 80
    assert shown_name(f"{'a/' * 100}1.png") == f"…{'a/' * 37}1.png"
    assert shown_name("cat/\u202egnp.1") == "cat/gnp.1"


def test_bounds_hold() -> None:
    ten = of(*[(f"{number}", letter) for number, letter in enumerate("abcdefghij")])
    with pytest.raises(Problem) as caught:
        added(ten, "eleven", photos("k"), ["k"])
    assert (caught.value.key, caught.value.values) == (
        "train.problem.many_classes",
        {"most": 10, "count": 11},
    )
    many = [f"{number}" for number in range(499)]
    with pytest.raises(Problem) as caught:
        added(of(("cat", "ab")), "dog", photos(*many), many)
    assert (caught.value.key, caught.value.values) == (
        "train.problem.many_photos",
        {"most": 500, "count": 501},
    )
    with pytest.raises(Problem) as caught:
        added(EMPTY, "\u200b", photos("a"), ["a"])
    assert caught.value.key == "train.problem.no_name"
