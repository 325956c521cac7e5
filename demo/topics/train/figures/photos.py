"""The photos of a set, a row a class; those that are held out are marked."""

from __future__ import annotations

import html
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.heat import data_uri
from demo.text import Words
from demo.topics.train.records import LONGEST_NAME, PhotoSet, Split, shown_name

SHOWN = ((2, 24, 12), (4, 14, 14), (10, 20, 10))
"""(up to so many classes, photos of each that are shown, in columns of)."""
FEWEST_COLUMNS = 8
SIDE = 72


def thumbnail(pixels: NDArray[np.uint8]) -> str:
    """The middle square of a photo, as an address."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(np.ascontiguousarray(pixels[top : top + side, left : left + side]))
    return data_uri(square.resize((SIDE, SIDE), Image.Resampling.LANCZOS), "WEBP", quality=75)


def rows(photos: PhotoSet, parts: Split, t: Words, own: bool = False) -> str:
    """All classes with their photos; at most as many of each as SHOWN, the held out first.

    own: whether they are the reader's, who removes them and gives the classes their names. The
    newest stay in sight then.
    """
    most, columns = next(row[1:] for row in SHOWN if len(photos.classes) <= row[0])
    if own and len(photos.classes) <= SHOWN[0][0]:
        # Few photos are seen large.
        columns = max(min(columns, max(photos.counts)), FEWEST_COLUMNS)
    held = set(parts.held_out.tolist())
    drawn = []
    for index, (name, count) in enumerate(zip(photos.classes, photos.counts, strict=True)):
        places = np.flatnonzero(photos.labels == index).tolist()
        first = sorted(places, key=lambda place: (not own and place not in held, own and -place))
        shown = sorted(first[:most])
        draw = _removable if own else _image
        images = "".join(draw(photos, place, place in held, t) for place in shown)
        said = t("train.count", count=count)
        if count > len(shown):
            said = t("train.count_shown", count=count, shown=len(shown))
        drawn.append(
            f'<div class="train-class"><p>{_named(name, own, t)}'
            f"<span>{html.escape(said)}</span>{_tools(name, t) if own else ''}</p>"
            f'<div class="train-thumbs">{images}</div></div>'
        )
    key = f'<p class="train-key"><i class="held"></i>{html.escape(t("train.key_held"))}</p>'
    wide = " train-many" if len(photos.classes) > SHOWN[1][0] else ""
    return f'<div class="train{wide}" style="--columns:{columns}">{"".join(drawn)}{key}</div>'


def _named(name: str, own: bool, t: Words) -> str:
    shown = html.escape(name, quote=True)
    if not own:
        return f"<b>{shown}</b>"
    said = html.escape(t("train.rename", name=name), quote=True)
    return (
        f'<input type="text" value="{shown}" data-of="{shown}" aria-label="{said}" title="{said}"'
        f' maxlength="{LONGEST_NAME}" style="--letters:{_width(name)}">'
    )


def _width(name: str) -> int:
    """Of a name, in letters of the Latin alphabet."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in name)


def _tools(name: str, t: Words) -> str:
    return "".join(
        _button(edit, name, t(f"train.tip_{edit}", name=name), t(f"train.do_{edit}"))
        for edit in ("into", "class_gone")
    )


def _button(edit: str, of: str, said: str, shown: str) -> str:
    told, words = html.escape(of, quote=True), html.escape(said, quote=True)
    return (
        f'<button type="button" data-edit="{edit.removesuffix("_gone")}" data-of="{told}"'
        f' aria-label="{words}" title="{words}">{html.escape(shown)}</button>'
    )


def _removable(photos: PhotoSet, place: int, held: bool, t: Words) -> str:
    said = t("train.photo_gone", name=shown_name(photos.names[place]))
    button = _button("photo", photos.photos[place].key, said, "×")
    return f'<span class="train-photo">{_image(photos, place, held, t)}{button}</span>'


def _image(photos: PhotoSet, place: int, held: bool, t: Words) -> str:
    name = shown_name(photos.names[place])
    said = t("train.held_alt", name=name) if held else name
    kind, address = "held" if held else "learned", thumbnail(photos.photos[place].pixels)
    return (
        f'<img class="{kind}" src="{address}"'
        f' alt="{html.escape(said, quote=True)}" title="{html.escape(said, quote=True)}">'
    )
