"""The JSON API of the Inception tab: /branches and /branch_ablation."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.engine.ask import ask, listed
from demo.page.endpoint import index_of, offer
from demo.records import Photo
from demo.records.receptive import Field, fields
from demo.topics.inception.ablation import cut
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.branches import activity, block_of
from demo.topics.inception.records import Branch, BranchActivity


def register() -> None:
    """Offer the endpoints; called once, inside the app's Blocks context."""
    offer(branches, "branches")
    offer(branch_ablation, "branch_ablation")


def branches(image: Photo, model: str = "mini_googlenet", block: str = "2a") -> dict:
    """What each branch of an Inception block is made of, and what it does on one photo.

    `block` as /models names it. Of each branch: its convolutions in order, as the live module has
    them (kernel and stride as [vertical, horizontal]); its share of the block's channels and of
    its energy (sum of squares); the receptive field of one output position in pixels of the
    network's input; `heatmap`, rows in [0, 1]: its mean activation divided by `heatmap_max`.
    """
    network = listed(model)
    found = block_of(network.spec, block)
    measured = ask(activity, network, image, block)
    behind = fields(anatomy(network.spec).steps)
    return {
        "model": model,
        "block": block,
        "input_shape": list(found.shape_in),
        "output_shape": list(found.shape_out),
        "branches": [
            _branch(branch, one, behind[branch.exit])
            for branch, one in zip(found.branches, measured.branches, strict=True)
        ],
    }


def _branch(branch: Branch, found: BranchActivity, field: Field) -> dict[str, Any]:
    highest = float(found.heat.max())
    heat = found.heat / highest if highest > 0 else found.heat
    height, width = field.extent
    return {
        "name": branch.name,
        "convolutions": [
            {
                "kernel": list(step.kernel),
                "stride": list(step.stride),
                "in": step.in_channels,
                "out": step.channels,
            }
            for step in branch.convolutions
        ],
        "channels": branch.channels,
        "channel_share": found.channel_share,
        "energy_share": found.energy_share,
        "receptive_field": {"height": height, "width": width, "step": list(field.jump)},
        "heatmap": np.round(heat.astype(float), 6).tolist(),
        "heatmap_max": highest,
    }


def branch_ablation(
    image: Photo,
    model: str = "mini_googlenet",
    block: str = "2a",
    off: list[str] = ["5x5"],  # noqa: B006
    label: str | int = "",
) -> dict:
    """One class's probability and logit before and after branches of a block put out zeros.

    `off` names branches as /branches does; `label` as in /gradcam. Cutting a trained network
    is not the same as training one without the branch.
    """
    network = listed(model)
    found = ask(cut, network, image, block, off)
    asked = index_of(network.spec, label)
    index = found.top if asked is None else asked
    return {
        "label": network.spec.labels[index],
        "index": index,
        "before": float(found.before.probabilities[index]),
        "after": float(found.after.probabilities[index]),
        "logit_before": float(found.before.logits[index]),
        "logit_after": float(found.after.logits[index]),
    }
