"""A set of photos as its owner changes it: photos come and go, classes are named anew.

Each gives a new set; nothing is checked but how much it holds, since a set that is being made has
one class, or one photo, for a while.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from demo.records import Photo, Problem
from demo.topics.train.numbers import MOST_CLASSES, MOST_PHOTOS
from demo.topics.train.records import LONGEST_NAME, PhotoSet, Skipped, seen

EMPTY = PhotoSet((), (), np.zeros(0, np.int64), ())


def class_name(written: str) -> str:
    """What a class is called: its name without what cannot be seen, cut to a length.

    The same letters are the same name, however a keyboard composes them.
    """
    return seen(written).strip()[:LONGEST_NAME].strip()


def added(photos: PhotoSet, name: str, new: Sequence[Photo], names: Sequence[str]) -> PhotoSet:
    """With these photos in the class of that name, which is made where there is none.

    A photo that the set has already is left out: one that teaches must not be in the test as well.

    Args:
        names: of each new photo, as its owner knows it.

    Raises:
        Problem: "train.problem.no_name" for a name with nothing to be seen in it,
            "train.problem.many_classes" or "_many_photos".
    """
    name = class_name(name)
    if not name:
        raise Problem("train.problem.no_name")
    classes = photos.classes if name in photos.classes else (*photos.classes, name)
    known, skipped = {one.key for one in photos.photos}, list[Skipped]()
    taken: list[tuple[Photo, str]] = []
    for photo, called in zip(new, names, strict=True):
        if photo.key in known:
            skipped.append(Skipped(called, Problem("train.skipped.twice")))
        else:
            known.add(photo.key)
            taken.append((photo, called))
    if not taken:
        return replace(photos, skipped=tuple(skipped))
    labels = np.full(len(taken), classes.index(name), np.int64)
    return _bounded(
        PhotoSet(
            classes,
            (*photos.photos, *(photo for photo, _ in taken)),
            np.concatenate([photos.labels, labels]),
            (*photos.names, *(called for _, called in taken)),
            tuple(skipped),
        )
    )


def merged(photos: PhotoSet, other: PhotoSet) -> PhotoSet:
    """With the photos of another set; classes of the same name become one.

    Raises:
        Problem: as `added`.
    """
    skipped = [*other.skipped]
    for index, name in enumerate(other.classes):
        places = np.flatnonzero(other.labels == index).tolist()
        photos = added(
            photos,
            name,
            [other.photos[place] for place in places],
            [other.names[place] for place in places],
        )
        skipped.extend(photos.skipped)
    return replace(photos, skipped=tuple(skipped))


def without_photo(photos: PhotoSet, key: str) -> PhotoSet:
    """Without the photo of that key; the same set where there is none."""
    return _some(photos, np.array([one.key != key for one in photos.photos], bool))


def without_class(photos: PhotoSet, name: str) -> PhotoSet:
    """Without the class of that name and its photos; the same set where there is none."""
    if name not in photos.classes:
        return photos
    return _some(photos, photos.labels != photos.classes.index(name))


def renamed(photos: PhotoSet, name: str, to: str) -> PhotoSet:
    """With the class of that name called otherwise; with that of another class, both are one.

    Raises:
        Problem: "train.problem.no_name".
    """
    to = class_name(to)
    if not to:
        raise Problem("train.problem.no_name")
    if name not in photos.classes or to == name:
        return photos
    index = photos.classes.index(name)
    if to not in photos.classes:
        classes = (*photos.classes[:index], to, *photos.classes[index + 1 :])
        return replace(photos, classes=classes)
    joined = photos.labels.copy()
    joined[joined == index] = photos.classes.index(to)
    return _some(replace(photos, labels=joined), np.ones(len(joined), bool))


def _some(photos: PhotoSet, kept: NDArray[np.bool_]) -> PhotoSet:
    """These photos alone, and the classes that they leave."""
    places = np.flatnonzero(kept)
    left = np.unique(photos.labels[places])
    return PhotoSet(
        tuple(photos.classes[index] for index in left.tolist()),
        tuple(photos.photos[place] for place in places.tolist()),
        np.searchsorted(left, photos.labels[places]).astype(np.int64),
        tuple(photos.names[place] for place in places.tolist()),
    )


def _bounded(photos: PhotoSet) -> PhotoSet:
    if len(photos.classes) > MOST_CLASSES:
        raise Problem("train.problem.many_classes", most=MOST_CLASSES, count=len(photos.classes))
    if len(photos.photos) > MOST_PHOTOS:
        raise Problem("train.problem.many_photos", most=MOST_PHOTOS, count=len(photos.photos))
    return photos
