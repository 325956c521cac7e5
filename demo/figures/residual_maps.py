"""Both terms of a residual block's sum on the photo: mean maps, and the channels that change."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.figures.colormaps import paint
from demo.figures.heat import PANORAMA, colour_bar, data_uri, overlay
from demo.records import Box
from demo.records.residual import ResidualSum
from demo.text import Words

CHANNELS = 8


def terms(found: ResidualSum, ratio: float, t: Words) -> str:
    """Shortcut + F(x) = output: mean |value| over channels, on one scale from 0.

    Args:
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
    """
    maps = [np.abs(term).mean(axis=0) for term in (found.shortcut, found.branch, found.output)]
    most = float(max(values.max() for values in maps))
    names = ("shortcut", "branch", "sum")
    cells = [_cell(n, m, most, found.seen, ratio, t) for n, m in zip(names, maps, strict=True)]
    plus, equals = (
        ('<span class="sign" aria-hidden="true">+</span>'),
        ('<span class="sign bare" aria-hidden="true">→</span>'),
    )
    kind = "terms stacked" if ratio > PANORAMA else "terms"
    return (
        f'<div class="{kind}">{cells[0]}{plus}{cells[1]}{equals}{cells[2]}</div>'
        f'<div class="terms-bar">{colour_bar("0", f"{most:.2f}")}</div>'
    )


def _cell(
    name: str, values: NDArray[np.floating], most: float, seen: Box, ratio: float, t: Words
) -> str:
    words = t(f"residual.term_{name}")
    scaled = values / most if most > 0 else values
    return (
        f'<figure data-term="{name}">{overlay("", scaled, seen, words, ratio=ratio)}'
        f"<figcaption><b>{html.escape(words)}</b> "
        f"{html.escape(t('residual.mean', mean=float(values.mean())))}</figcaption></figure>"
    )


def changed(found: ResidualSum) -> list[int]:
    """The channels to which the branch adds most (sum of squares), strongest first."""
    energy = np.square(found.branch).sum(axis=(1, 2))
    return np.argsort(-energy, kind="stable")[:CHANNELS].tolist()


def channels(found: ResidualSum, t: Words) -> str:
    """The most changed channels: shortcut, F(x), output below each other, signed."""
    indices = changed(found)
    rows = {
        "shortcut": found.shortcut[indices],
        "branch": found.branch[indices],
        "sum": found.output[indices],
    }
    # One scale for the three maps of a channel, so that the sum can be followed by eye.
    most = np.max([np.abs(row).max(axis=(1, 2)) for row in rows.values()], axis=0)
    most[most == 0] = 1
    head = "".join(f"<th scope='col'>{index}</th>" for index in indices)
    body = "".join(
        f'<tr><th scope="row">{html.escape(t(f"residual.term_{name}_short"))}</th>'
        + "".join(_tile(values / m) for values, m in zip(row, most, strict=True))
        + "</tr>"
        for name, row in rows.items()
    )
    scale = (
        f'<div class="signed-bar"><span>−{html.escape(t("residual.own_most"))}</span><i></i>'
        f"<span>+{html.escape(t('residual.own_most'))}</span></div>"
    )
    return (
        f'<div class="term-channels"><table><caption>{html.escape(t("residual.channels_caption"))}'
        f'</caption><thead><tr><th scope="row">{html.escape(t("residual.channel"))}</th>{head}'
        f"</tr></thead><tbody>{body}</tbody></table></div>{scale}"
    )


def _tile(values: NDArray[np.floating]) -> str:
    picture = Image.fromarray(paint((values + 1) / 2, "signed"))
    return f'<td><img src="{data_uri(picture)}" alt=""></td>'
