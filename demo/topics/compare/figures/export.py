"""The comparison to take away: a poster (PNG) and its numbers (CSV)."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from demo.drawing.colormaps import paint
from demo.drawing.heat import photo_ratio
from demo.drawing.style import percent, short
from demo.labels import label_name
from demo.records import HeatMap, Photo
from demo.records.families import FAMILIES
from demo.text import Words, text
from demo.topics.compare.records import Card

COLUMN, GAP, MARGIN = 320, 24, 36
TOP, LINE = 120, 22
INK, SOFT, PALE = (28, 35, 44), (87, 96, 108), (238, 241, 245)
COLUMNS = (
    "photo",
    "model",
    "family",
    "dataset",
    "rank",
    "label",
    "name",
    "probability",
    "seconds",
    "parameters",
    "macs",
    "source",
)

Pen = ImageFont.FreeTypeFont | ImageFont.ImageFont


def comparison_csv(answers: Sequence[tuple[str, Sequence[Card]]], t: Words) -> str:
    """One row for each photo, model and rank; COLUMNS are the head.

    `label` is the data set's own, `name` what the reader's page calls it.

    Args:
        answers: each photo's name and its cards.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, cards in answers:
        for card in cards:
            for rank, (index, probability) in enumerate(card.top, start=1):
                writer.writerow(
                    [
                        _harmless(name),
                        card.model,
                        card.family,
                        card.dataset,
                        rank,
                        card.labels[index],
                        label_name(t, card.dataset, card.labels[index]),
                        f"{probability:.6f}",
                        f"{card.seconds:.6f}",
                        card.parameters,
                        card.macs,
                        card.source,
                    ]
                )
    return out.getvalue()


def _harmless(name: str) -> str:
    """A file name that a spreadsheet does not take for a formula."""
    # Full-width signs, which some take for the others, and signs behind what is not seen.
    first = unicodedata.normalize("NFKC", name).lstrip()[:1]
    unseen = name[:1].isspace() or unicodedata.category(name[:1] or " ") in ("Cc", "Cf")
    return f"'{name}" if first in tuple("=+-−@") or unseen else name


def comparison_png(photo: Photo, cards: Sequence[Card], words: Words) -> bytes:
    """The photo, then one column a model: title, bars, the map over the photo, its caption.

    Japanese is drawn where the machine has a font for it; otherwise the poster is in English.
    """
    t = words if _font_file("ja") or words is not text("ja") else text("en")
    pens = _Pens()
    rows = max(len(card.top) for card in cards)
    column = _column_width(photo_ratio(photo.pixels))
    picture = _fit(photo.pixels, column)
    bars_end = TOP + 78 + rows * 40
    captions = [_caption(card, t, pens.small, column) for card in cards]
    below = 10 + max(len(lines) for lines in captions) * LINE
    height = bars_end + picture.height + below + MARGIN
    width = max(1000, 2 * MARGIN + (len(cards) + 1) * (column + GAP) - GAP)
    sheet = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN), t("page.title"), INK, pens.title)
    name = _drawable(photo.name, pens.small)
    draw.text((MARGIN, MARGIN + 44), _cut(name, pens.small, width - 2 * MARGIN), SOFT, pens.small)
    sheet.paste(picture, (MARGIN, bars_end))
    for place, (card, caption) in enumerate(zip(cards, captions, strict=True), start=1):
        left = MARGIN + place * (column + GAP)
        _column(draw, left, column, card, t, pens)
        sheet.paste(_warm(picture, card.heat), (left, bars_end))
        for row, line in enumerate(caption):
            top = bars_end + picture.height + 10 + row * LINE
            draw.text((left, top), line, SOFT, pens.small)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


class _Pens:
    """The poster's fonts: Japanese ones in English too, since a photo may have any name."""

    def __init__(self) -> None:
        file = _font_file("ja") or _font_file("en")
        self.title, self.name, self.plain, self.small = (
            ImageFont.truetype(file, size) if file else ImageFont.load_default(size)
            for size in (30, 22, 18, 15)
        )


# Where there is no fontconfig: fonts that Windows and macOS bring, the plainest first.
_FONTS = {
    "ja": (
        *("YuGothM.ttc", "YuGothR.ttc", "meiryo.ttc", "msgothic.ttc"),
        "/System/Library/Fonts/ヒラギノ角ゴシック W3.ttc",
        "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    ),
    "en": ("segoeui.ttf", "arial.ttf", "/System/Library/Fonts/Helvetica.ttc"),
}


@cache
def _font_file(lang: str) -> str:
    """A font file of this machine for the language, "" if none is known."""
    lister = shutil.which("fc-match")
    return _asked(lister, lang) if lister else _known(_FONTS[lang])


def _asked(lister: str, lang: str) -> str:
    """The font that fontconfig names for the language."""
    wanted = f"sans:lang={lang}"
    done = subprocess.run(
        [lister, "-f", "%{file}|%{lang}", wanted],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    file, _, languages = done.stdout.partition("|")
    # fc-match always names some font: whether it knows the language must be asked.
    return file if lang in languages.split("|") and Path(file).is_file() else ""


def _known(files: Sequence[str]) -> str:
    """The first of these fonts that Pillow finds in the system's folders."""
    for file in files:
        with suppress(OSError):
            return str(ImageFont.truetype(file).path)
    return ""


def _column_width(ratio: float) -> int:
    """Pixels: more for a panorama, whose maps would be too low to read otherwise."""
    return round(min(max(COLUMN, 90 * ratio), 720))


def _column(
    draw: ImageDraw.ImageDraw, left: int, wide: int, card: Card, t: Words, pens: _Pens
) -> None:
    colour = FAMILIES[card.family].light
    draw.rectangle((left, TOP, left + wide - 1, TOP + 5), fill=colour)
    draw.text((left, TOP + 14), card.title, INK, pens.name)
    size = t("card.size", parameters=short(card.parameters, t), macs=short(card.macs, t))
    draw.text((left, TOP + 44), size, SOFT, pens.small)
    for rank, (index, probability) in enumerate(card.top):
        top = TOP + 70 + rank * 40
        name = label_name(t, card.dataset, card.labels[index])
        number = percent(probability)
        room = wide - pens.plain.getlength(number) - GAP
        draw.text((left, top - 3), _cut(name, pens.plain, room), INK, pens.plain)
        draw.text((left + wide, top - 3), number, SOFT, pens.plain, anchor="ra")
        draw.rectangle((left, top + 26, left + wide - 1, top + 33), fill=PALE)
        end = left + max(round(probability * wide), 1) - 1
        draw.rectangle((left, top + 26, end, top + 33), fill=colour)


def _caption(card: Card, t: Words, pen: Pen, wide: int) -> list[str]:
    """Which class and layer the map belongs to; for an empty map that nothing was found."""
    label = label_name(t, card.dataset, card.labels[card.heat.index])
    lines = _lines(t("card.layer", label=label, layer=t(f"layer.{card.layer}")), pen, wide)
    if card.heat.empty:
        empty = t("card.empty_map", label=label, value=f"{card.heat.raw_max:.3g}")
        lines += _lines(empty, pen, wide)
    return lines


def _cut(line: str, pen: Pen, room: float) -> str:
    """The line, shortened with a sign of it to `room` px."""
    if pen.getlength(line) <= room:
        return line
    while line and pen.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _lines(sentence: str, pen: Pen, wide: int) -> list[str]:
    """The sentence in lines of `wide` px, broken at spaces where there are any."""
    lines = [""]
    for word in re.findall(r"[!-~]+ ?|.", sentence):
        if lines[-1] and pen.getlength(f"{lines[-1]}{word}".rstrip()) > wide:
            lines.append("")
        lines[-1] += word
    return [line.strip() for line in lines]


def _drawable(name: str, pen: Pen) -> str:
    """The name on one line, with a question mark for what the font would draw as an empty box."""
    missing = bytes(pen.getmask("\uffff"))
    letters = " ".join(name.split())
    return "".join("?" if bytes(pen.getmask(x)) == missing else x for x in letters)


def _fit(pixels: NDArray[np.uint8], wide: int) -> Image.Image:
    """The photo as wide as a column, at most twice as high."""
    picture = Image.fromarray(pixels)
    scale = min(wide / picture.width, 2 * wide / picture.height)
    return picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))),
        Image.Resampling.LANCZOS,
    )


def _warm(picture: Image.Image, heat: HeatMap) -> Image.Image:
    """The map over the part of the photo that the network saw; cold places stay photo."""
    left, right = (round(x * picture.width) for x in (heat.seen.left, heat.seen.right))
    top, bottom = (round(y * picture.height) for y in (heat.seen.top, heat.seen.bottom))
    size = (max(1, right - left), max(1, bottom - top))
    grey = Image.fromarray(heat.values.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    values = np.clip(np.asarray(grey), 0, 1)
    mask = Image.fromarray((np.clip(values * 1.35, 0, 1) * 0.85 * 255).astype(np.uint8))
    warm = picture.copy()
    warm.paste(Image.fromarray(paint(values, "inferno")), (left, top), mask)
    return warm
