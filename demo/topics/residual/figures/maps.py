"""Both terms of a residual block's sum on the photo: mean maps, and the channels that change."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.colormaps import paint
from demo.drawing.heat import PANORAMA, colour_bar, data_uri, overlay
from demo.text import Words
from demo.topics.residual.records import ResidualSum

CHANNELS = 8
UPRIGHT = 0.8
"""Up to this width / height there is room for the channels beside a photo's maps."""


def terms(found: ResidualSum, ratio: float, t: Words) -> str:
    """Shortcut + F(x) -> output, each as its map and its most changed channels.

    Maps are the mean of |value| over all channels, on one scale from 0; a channel's three tiles
    have their sign and a scale of their own.

    Args:
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
    """
    indices, most = found.changed(CHANNELS), found.largest or 1.0
    scale = np.max([np.abs(term[indices]).max(axis=(1, 2)) for term in found.terms], axis=0)
    scale[scale == 0] = 1
    cells = []
    rows = zip(("shortcut", "branch", "sum"), found.maps, found.means, found.terms, strict=True)
    for name, values, mean, term in rows:
        words = t(f"residual.term_{name}")
        tiles = term[indices] / scale[:, None, None]
        cells.append(
            f'<figure data-term="{name}"><figcaption><b>{html.escape(words)}</b> '
            f"{html.escape(t('residual.mean', mean=mean))}</figcaption>"
            f"{overlay('', values / most, found.seen, words, ratio=ratio)}"
            f"{_tiles(tiles, indices, t)}</figure>"
        )
    plus, arrow = (
        f'<span class="sign{kind}" aria-hidden="true">{sign}</span>'
        for kind, sign in (("", "+"), (" bare", "→"))
    )
    kind = "rows" if ratio > PANORAMA else "upright" if ratio < UPRIGHT else "level"
    return (
        f'<div class="terms {kind}">{cells[0]}{plus}{cells[1]}{arrow}{cells[2]}</div>'
        f"{_keys(found.largest, t)}"
    )


def _tiles(values: NDArray[np.floating], indices: list[int], t: Words) -> str:
    """Channels (n, h, w) in [-1, 1], each with its number."""
    cells = "".join(
        f'<span><img src="{data_uri(Image.fromarray(paint((one + 1) / 2, "signed")))}" alt="">'
        f"<small>{index}</small></span>"
        for one, index in zip(values, indices, strict=True)
    )
    label = t("residual.channels_alt", channels=", ".join(map(str, indices)))
    return (
        f'<div class="tiles" role="img" aria-label="{html.escape(label, quote=True)}">{cells}</div>'
    )


def _keys(largest: float, t: Words) -> str:
    return (
        f'<div class="terms-keys"><div><span>{html.escape(t("residual.maps_caption"))}</span>'
        f"{colour_bar('0', f'{largest:.2f}')}</div>"
        f"<div><span>{html.escape(t('residual.channels_caption'))}</span>"
        f'<div class="signed-bar"><span>−</span><i></i><span>+</span></div></div></div>'
    )
