"""A column for each branch: where it is active, its channels, how its values are spread."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from demo.figures.inception_maps import mosaic, over_photo
from demo.figures.inception_style import label, tints
from demo.figures.style import percent, whole
from demo.records import Box
from demo.records.inception import Block, BlockActivity, BranchActivity
from demo.text import Words


def columns(
    block: Block,
    activity: BlockActivity,
    maps: Mapping[str, NDArray[np.float32]],
    shown: Mapping[str, Sequence[int]],
    seen: Box,
    ratio: float,
    t: Words,
) -> str:
    """The branches side by side.

    Args:
        maps: branch -> all its maps, (C, h, w).
        shown: branch -> the channels in its mosaic, in order.
        seen: the part of the photo that the network was given.
        ratio: width / height of the photo, which is the page's `--photo`.
    """
    most = max(int(branch.counts.max(initial=0)) for branch in activity.branches)
    parts = []
    for branch, tint, found in zip(
        block.branches, tints(block.branches), activity.branches, strict=True
    ):
        name, chosen = label(branch.name, t), list(shown[branch.name])
        alt = t("inception.heat_alt", branch=name)
        parts.append(
            f'<section class="branch" style="--tint:{tint}" data-branch="{branch.name}">'
            f"<h4>{html.escape(name)}</h4>{over_photo(found.heat, seen, ratio, alt)}"
            + _shares(found, branch.channels, t)
            + mosaic(
                maps[branch.name][chosen],
                chosen,
                found.strength[chosen],
                t,
                f'data-branch="{branch.name}"',
            )
            + _spread(found, activity.edges, most, t)
            + "</section>"
        )
    return f'<div class="branches">{"".join(parts)}</div>'


def _shares(found: BranchActivity, channels: int, t: Words) -> str:
    rows = (
        (t("inception.channels"), found.channel_share, "channel"),
        (t("inception.energy"), found.energy_share, "energy"),
    )
    bars = "".join(
        f'<div class="share {kind}"><span>{html.escape(words)}</span><i><b'
        f' style="width:{share:.2%}"></b></i><em>{percent(share)}</em></div>'
        for words, share, kind in rows
    )
    tip = t("inception.share_tip", channels=channels, energy=f"{found.energy:,.1f}")
    return f'<div class="shares" title="{html.escape(tip, quote=True)}">{bars}</div>'


def _spread(found: BranchActivity, edges: NDArray[np.float32], most: int, t: Words) -> str:
    """Histogram of the values above 0 on a logarithmic height, and the zeros in words."""
    top = np.log1p(max(most, 1))
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
        words += t("inception.silent", count=found.silent)
    return (
        f'<div class="spread"><svg viewBox="0 0 100 41" preserveAspectRatio="none" role="img"'
        f' aria-label="{html.escape(t("inception.spread_alt"), quote=True)}">{bars}'
        '<path d="M0 40.5 H100" stroke="var(--line)"/></svg>'
        f'<div class="ends"><span>0</span><span>{edges[-1]:.2f}</span></div>'
        f"<p>{html.escape(words)}</p></div>"
    )
