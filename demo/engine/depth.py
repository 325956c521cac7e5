"""The places of a network worth looking at on the way: its named layers and the blocks between."""

from __future__ import annotations

from collections.abc import Mapping

from demo.zoo.spec import ModelSpec


def stops(spec: ModelSpec) -> Mapping[str, str]:
    """Name -> module path, in order of depth: from the first layer that the spec names to the
    last, and every block between two of them that does not itself end in one.
    """
    found: dict[str, str] = {}
    blocks = list(spec.blocks.items())
    for layer in spec.layers:
        here = _block_of(layer.path, blocks)
        if here is not None:
            before = blocks[:here] if found else []
            found.update(one for one in before if one[0] not in found)
            blocks = blocks[here + 1 :]
        found[layer.name] = layer.path
    return found


def _block_of(path: str, blocks: list[tuple[str, str]]) -> int | None:
    """Which block ends where the layer of that path does: it is that layer, or its last part."""
    inside = [
        place
        for place, (_, block) in enumerate(blocks)
        if block == path or block.startswith(f"{path}.")
    ]
    return max(inside, default=None)
