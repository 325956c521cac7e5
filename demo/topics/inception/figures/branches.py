"""A row for each branch: where it is active, its channels, how its values are spread."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from demo.drawing.style import percent, whole
from demo.records import Box
from demo.text import Words
from demo.topics.inception.figures.maps import mosaic, over_photo
from demo.topics.inception.figures.style import label, tints
from demo.topics.inception.records import Block, BlockActivity, BranchActivity

PICKS = "inception-channel"
"""Name of what is picked in the mosaics: "3x3:12" is channel 12 of the branch 3x3."""


def rows(
    block: Block,
    activity: BlockActivity,
    maps: Mapping[str, NDArray[np.float32]],
    shown: Mapping[str, Sequence[int]],
    opened: tuple[str, int],
    seen: Box,
    ratio: float,
    t: Words,
) -> str:
    """The branches below each other.

    Args:
        maps: branch -> all its maps, (C, h, w).
        shown: branch -> the channels in its mosaic, in order.
        opened: branch and channel that are enlarged.
        seen: the part of the photo that the network was given.
        ratio: width / height of the photo, which is the page's `--photo`.
    """
    parts = []
    for branch, tint, found in zip(
        block.branches, tints(block.branches), activity.branches, strict=True
    ):
        name, chosen = label(branch.name, t), list(shown[branch.name])
        alt = t("inception.heat_alt", branch=name)
        parts.append(
            f'<section class="branch" style="--tint:{tint}" data-branch="{branch.name}">'
            f"<div><h4>{html.escape(name)}</h4>{_shares(found, branch.channels, t)}</div>"
            f"<div>{over_photo(found.heat, seen, ratio, alt)}</div>"
            + mosaic(
                maps[branch.name][chosen],
                chosen,
                found.strength[chosen],
                t,
                branch.name,
                opened[1] if branch.name == opened[0] else None,
            )
            + _spread(found, activity, t)
            + "</section>"
        )
    return f'<div class="branches" data-picks="{PICKS}">{"".join(parts)}</div>'


def _shares(found: BranchActivity, channels: int, t: Words) -> str:
    bars = (
        (t("inception.channels"), found.channel_share, "channel"),
        (t("inception.energy"), found.energy_share, "energy"),
    )
    drawn = "".join(
        f'<div class="share {kind}"><span>{html.escape(words)}</span><i><b'
        f' style="width:{share:.2%}"></b></i><em>{percent(share)}</em></div>'
        for words, share, kind in bars
    )
    tip = t("inception.share_tip", channels=channels, energy=f"{found.energy:,.1f}")
    return f'<div class="shares" title="{html.escape(tip, quote=True)}">{drawn}</div>'


def _spread(found: BranchActivity, activity: BlockActivity, t: Words) -> str:
    """Histogram of the values above 0 on a logarithmic height, and the zeros in words."""
    edges = activity.edges
    top = np.log1p(max(activity.fullest_bin, 1))
    count = len(found.counts)
    bars = "".join(
        f'<rect x="{i * 100 / count:.2f}" y="{40 - 40 * np.log1p(n) / top:.2f}"'
        f' width="{100 / count - 0.4:.2f}" height="{40 * np.log1p(n) / top:.2f}">'
        f"<title>{edges[i]:.2f} – {edges[i + 1]:.2f}: {whole(int(n))}</title></rect>"
        for i, n in enumerate(found.counts)
        if n
    )
    words = t("inception.zeros", share=percent(found.zeros))
    if found.silent:
        words += t("page.comma") + t("inception.silent", count=found.silent)
    return (
        f'<div class="spread"><svg viewBox="0 0 100 41" preserveAspectRatio="none" role="img"'
        f' aria-label="{html.escape(t("inception.spread_alt"), quote=True)}">{bars}'
        '<path d="M0 40.5 H100" stroke="var(--line)"/></svg>'
        f'<div class="ends"><span>0</span><span>{edges[-1]:.2f}</span></div>'
        f"<p>{html.escape(words)}</p></div>"
    )
