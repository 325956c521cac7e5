"""The growing diagram: what the page's script needs to draw a DenseNet layer by layer.

The numbers of all steps travel at once, so that playing them asks the server nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from demo.scripts import script
from demo.text import Blank, Words
from demo.topics.dense.records import GrowthStep

TEMPLATE = '<div class="dense-growth"></div>'
BELOW = '<div class="dense-told"></div>'
"""Where the script puts the picture, and where what stands below it."""
SCRIPT = script("words", "dense_lens", "dense_growth")

# The script fills in what stands in braces.
WORDS: dict[str, tuple[str, ...]] = {
    "at_stem": (),
    "at_input": (),
    "at_layer": ("block", "layer", "count"),
    "at_transition": ("block",),
    "at_classifier": (),
    "says_stem": ("out",),
    "says_input": ("out",),
    "says_layer": ("in", "k", "out"),
    "says_transition": ("in", "out", "theta"),
    "says_classifier": ("in", "out"),
    "block": ("block",),
    "layers": ("count",),
    "reads": (),
    "adds": (),
    "passes_on": (),
    "weights": (),
    "macs": (),
    "pool": (),
    "average": (),
    "linear": (),
    "parameters": (),
    "total_macs": (),
    "of": ("total",),
    "memory": (),
    "naive": (),
    "shared": (),
    "play": (),
    "pause": (),
    "back": (),
    "forward": (),
    "first": (),
    "last": (),
    "step": ("step", "count"),
    "speed": (),
    "show_maps": (),
    "no_maps": (),
    "picture": (),
    "glass": (),
    "so_far": ("says", "parameters", "macs"),
    "band": ("block", "layer", "k"),
    "band_input": ("block", "channels"),
    "jump": (),
}


def payload(
    steps: Sequence[GrowthStep], k: int, theta: float, model: str, wish: str, t: Words
) -> str:
    """JSON for the script: the steps as rows of numbers, and its words.

    Args:
        model: the loadable network that this plan is, "" if there is none whose activation could
            be shown.
        wish: names a wish to see the steps played from the first; each is granted once.
    """
    kinds = ("stem", "layer", "transition", "classifier")
    rows = [
        [
            kinds.index(step.kind),
            *(step.block, step.layer, step.in_channels, step.out_channels),
            *(step.size, step.out_size, step.weights_1x1, step.weights_3x3),
            *(step.macs_1x1, step.macs_3x3, step.total_parameters, step.total_macs),
            *(step.naive_bytes, step.shared_bytes),
        ]
        for step in steps
    ]
    words = {
        key: t(f"densenet.grow.{key}", **{name: Blank(name) for name in names})
        for key, names in WORDS.items()
    }
    numbers = {"steps": rows, "k": k, "theta": theta, "model": model, "wish": wish, "words": words}
    return json.dumps(numbers, ensure_ascii=False, separators=(",", ":"))
