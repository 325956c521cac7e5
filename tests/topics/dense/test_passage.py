"""Addition beside concatenation: shapes as the live modules have them, and what x keeps."""

from __future__ import annotations

import pytest

from demo.engine.runs import block_ends
from demo.records import Problem
from demo.topics.dense.numbers.growth import PRESETS, first_layers
from demo.topics.dense.passage import dense_passage, kept, residual_passage
from demo.topics.dense.records import Passage
from demo.zoo.catalogue import spec
from demo.zoo.loading import load
from tests.residual_networks import noise


def concatenates(key: str, depth: int) -> Passage:
    return dense_passage(spec(key), first_layers(PRESETS[key], depth))


def test_addition_stays_flat_and_mixes() -> None:
    found = residual_passage(spec("mini_resnet"), 3)
    assert found.block == "stage3"
    assert found.shapes == ((304, 8, 8),) * 4
    assert found.added == (304, 304, 304)
    assert found.widths == (304, 304, 304, 304)
    assert found.sums
    assert kept(load("mini_resnet"), noise(), found) == (0, 0, 0)
    assert residual_passage(spec("mini_resnet"), 1).added == (304,)


def test_concatenation_grows_and_keeps() -> None:
    found = concatenates("mini_densenet", 2)
    assert found.block == "block3"
    assert found.shapes == ((62, 8, 8), (86, 8, 8), (110, 8, 8))
    assert found.added == (24, 24)
    assert not found.sums
    assert kept(load("mini_densenet"), noise(), found) == (62, 86)


def test_the_shapes_are_those_of_the_live_networks() -> None:
    for way in (residual_passage(spec("mini_resnet"), 40), concatenates("mini_densenet", 40)):
        loaded = load(way.model)
        blocks = block_ends(loaded, noise())
        shapes = {
            tuple(blocks[path].output.shape[1:])
            for name, path in loaded.spec.blocks.items()
            if name.startswith(way.block)
        }
        assert shapes == {way.shapes[-1]}


def test_imagenets_networks_need_no_weights() -> None:
    assert residual_passage(spec("resnet50"), 3).shapes == ((1024, 14, 14),) * 4
    assert concatenates("densenet121", 3).widths == (512, 544, 576, 608)


def test_a_block_that_is_not_so_deep_is_shown_whole() -> None:
    assert len(concatenates("mini_densenet", 40).added) == 15
    assert len(residual_passage(spec("mini_resnet"), 40).added) == 3


def test_each_family_to_its_own() -> None:
    with pytest.raises(Problem, match=r"lacks\.stages"):
        residual_passage(spec("mini_densenet"), 5)
    with pytest.raises(Problem, match=r"lacks\.growth"):
        dense_passage(spec("mini_resnet"), [])
