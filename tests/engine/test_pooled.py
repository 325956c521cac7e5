"""Where only a mean over places and a linear layer follow, Grad-CAM needs no way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import demo.zoo.vision  # noqa: F401  # before captum, which imports torchvision
from demo.engine.gradcam import heat_map
from demo.engine.runs import DEEP
from demo.records import Photo
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec
from tests.filled import filled

from captum.attr import LayerGradCam  # isort: skip

ARCHITECTURES = {one.architecture: one for one in CATALOGUE if one.pooled}
MOST = 535_000
"""Bytes that a card keeps: what Inception v3's last layer puts out, 2,048 channels of 8 x 8, and
its answer are the most."""


def test_one_network_alone_has_more_after_their_last_layer() -> None:
    assert {one.architecture for one in CATALOGUE if not one.pooled} == {"mobilenet_v3_large"}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_closed_form_equals_captum(name: str) -> None:
    size = {32: 32, 299: 139}.get(ARCHITECTURES[name].input_size, 64)
    how = ARCHITECTURES[name].preprocess
    one = replace(ARCHITECTURES[name], preprocess=replace(how, resize=size, crop=size))
    model = LoadedModel(one, filled(one), "bundled")
    pixels = np.random.default_rng(1).integers(0, 256, (size, size, 3), dtype=np.uint8)
    photo = Photo(f"pooled {name}", pixels)
    layer = model.network.get_submodule(one.layer("").path)
    captum = LayerGradCam(model.network, layer)
    x = model.prepare(photo)[0].requires_grad_()
    DEEP.clear()
    seen = 0
    for index in (0, 7):
        theirs = captum.attribute(x, target=index)[0, 0].detach().numpy()
        ours = heat_map(model, photo, "", index)
        scale = float(np.abs(theirs).max())
        assert ours.raw_min == pytest.approx(theirs.min(), abs=1e-4 * scale)
        assert ours.raw_max == pytest.approx(theirs.max(), abs=1e-4 * scale)
        if theirs.max() > 0:
            seen += 1
            assert np.abs(ours.values - np.maximum(theirs, 0) / theirs.max()).max() < 1e-3
    assert seen
    assert DEEP.bytes == 0


@pytest.mark.parametrize("one", [one for one in CATALOGUE if one.weights.recipe != "v2"])
def test_a_card_keeps_its_last_layer_alone(one: ModelSpec) -> None:
    last = one.layer("")
    assert last.channels * last.size**2 * 4 + 2 * 4 * len(one.labels) < MOST or one.input_size > 300
