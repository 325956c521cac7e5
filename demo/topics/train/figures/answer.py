"""The new network's answer about a photo: the shares of its classes, and where it looked."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.heat import overlay, photo_ratio, photo_uri
from demo.drawing.style import percent
from demo.records import HeatMap, Photo, Scores
from demo.text import Words


def answer(scores: Scores, heat: HeatMap, photo: Photo, names: Sequence[str], t: Words) -> str:
    """The photo with its heat beside a bar for each class."""
    top = int(scores.probabilities.argmax())
    alt = t("train.looked", label=names[top])
    pixels = photo.pixels
    shown = overlay(photo_uri(pixels), heat.values, heat.seen, alt, ratio=photo_ratio(pixels))
    bars = "".join(
        f'<div class="train-bar{" top" if index == top else ""}"><span>{html.escape(name)}</span>'
        f'<i><u style="width:{share:.2%}"></u></i><em>{percent(share)}</em></div>'
        for index, (name, share) in enumerate(
            zip(names, scores.probabilities.tolist(), strict=True)
        )
    )
    return f'<div class="train train-answer"><div>{shown}</div><div>{bars}</div></div>'
