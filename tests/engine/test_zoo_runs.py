"""Every kind of network of the catalogue goes through the engine: layers, blocks, Grad-CAM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from demo.engine.gradcam import heat_map
from demo.engine.runs import block_ends, run, way_back
from demo.records import Photo
from demo.trace import BlockTrace
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel, with_weights

# Smaller photos than they know, so that the test is quick.
SIZES = {
    **dict.fromkeys(("mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext"), 32),
    **dict.fromkeys(("efficientnet_lite0", "resnet50", "densenet121", "googlenet"), 96),
    **dict.fromkeys(("resnext50_32x4d", "mobilenet_v3_large", "efficientnet_b0"), 96),
    "inception_v3": 139,
}


def loaded(key: str) -> LoadedModel:
    """The network as the catalogue builds it, with random weights."""
    size = SIZES[key]
    one = spec(key)
    one = replace(one, preprocess=replace(one.preprocess, resize=size, crop=size))
    torch.manual_seed(0)
    state = dict(one.build().state_dict())
    for name, tensor in state.items():
        if name.endswith("running_mean"):
            tensor.normal_(0, 0.1)
    return LoadedModel(one, with_weights(one, state), "bundled")


@pytest.mark.parametrize("key", SIZES)
def test_layers_and_blocks_are_captured_once(key: str) -> None:
    model = loaded(key)
    pixels = np.random.default_rng(0).integers(0, 256, (150, 200, 3), dtype=np.uint8)
    photo = Photo(f"{key} noise", pixels)
    found, traced, ends_of = run(model, photo), way_back(model, photo), block_ends(model, photo)
    x, seen = model.prepare(photo)
    with torch.no_grad():
        logits = model.network(x)
    assert np.allclose(found.scores.logits, logits[0].numpy(), atol=1e-5)
    assert torch.allclose(traced.logits, logits, atol=1e-5)
    assert found.scores.seen == seen
    assert set(ends_of) == set(model.spec.blocks.values())
    for layer in model.spec.layers:
        heat = heat_map(model, photo, layer.name)
        assert heat.values.shape == traced.activations[layer.path].shape[2:]
        assert np.isfinite(heat.values).all()
        assert layer.relu == bool(traced.activations[layer.path].min() >= 0)
    if "growth" in model.spec.capabilities:
        for ends in ends_of.values():
            assert torch.equal(ends.output[:, : ends.input.shape[1]], ends.input)
    if "stages" in model.spec.capabilities:
        assert connected(ends_of[path] for path in model.spec.blocks.values())


def connected(blocks: Iterable[BlockTrace]) -> bool:
    """Whether each residual block reads what the one before put out."""
    before: Tensor | None = None
    for ends in blocks:
        if before is not None and not torch.equal(before, ends.input):
            return False
        before = ends.output
    return True
