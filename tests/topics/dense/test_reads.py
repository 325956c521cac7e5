"""Which earlier outputs a layer reads, held to the live blocks."""

from __future__ import annotations

import pytest
import torch

from demo.blocks.dense import DenseBlock
from demo.blocks.residual import ResidualBlock
from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.dense.figures import reads as figure
from demo.topics.dense.numbers.reads import INITIAL, LAYERS, K, feature_flow
from demo.topics.dense.scenes import view
from tests.drawing.drawn import assert_as_stored


def test_layer_4_as_the_lecture_follows_it() -> None:
    found = feature_flow(4)
    assert found.sources == (64, 32, 32, 32)
    assert (found.dense, found.residual, found.links) == (160, 64, 21)


def test_the_live_dense_layers_read_that_many_channels() -> None:
    block = DenseBlock(LAYERS, INITIAL, K)
    read = [layer.conv1.in_channels for layer in block]
    assert [feature_flow(layer).dense for layer in range(1, LAYERS + 1)] == read
    assert feature_flow(1).links == sum(len(feature_flow(n).sources) for n in range(1, 7))


def test_a_residual_block_is_given_one_sum_of_them() -> None:
    torch.manual_seed(0)
    x = torch.rand(1, 64, 4, 4)
    blocks = [ResidualBlock(64, 16, 64).eval() for _ in range(3)]
    with torch.no_grad():
        total, read = x, x
        for block in blocks:
            total = torch.relu(total + block.branch(read))
            read = block(read)
    assert torch.allclose(read, total)
    assert read.shape[1] == feature_flow(4).residual


@pytest.mark.parametrize("layer", [0, 7])
def test_other_layers_are_refused(layer: int) -> None:
    with pytest.raises(Problem, match="no_reader"):
        feature_flow(layer)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene_says_it(lang: str) -> None:
    shown = view.reads(text(lang), 4)
    sentence = shown.partition("scene-sentence")[2]
    assert all(number in sentence for number in ("160", "64", "21"))
    assert 'data-dense="160" data-residual="64"' in shown


def test_the_drawing_is_the_one_that_was_kept() -> None:
    assert_as_stored("reads_four", figure.reads(feature_flow(4), text("en")))
