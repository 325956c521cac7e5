"""Counts of the paper's settings, and the width that keeps the cost."""

from __future__ import annotations

import pytest
import torch

from demo.blocks.residual import ResNeXtBlock
from demo.records import Problem
from demo.topics.residual.numbers import ERRORS, equal_width, setting

PAPER = {(1, 64): 69_632, (2, 40): 69_760, (4, 24): 69_888, (8, 14): 71_456, (32, 4): 70_144}
GROUP_WIDTH = {(1, 64): 64, (2, 40): 80, (4, 24): 96, (8, 14): 112, (32, 4): 128}


@pytest.mark.parametrize(("c", "d"), PAPER)
def test_the_papers_settings(c: int, d: int) -> None:
    found = setting(c, d)
    assert found.parameters == PAPER[c, d]
    assert found.group_width == GROUP_WIDTH[c, d]
    assert found.macs == PAPER[c, d] * 56 * 56
    with torch.device("meta"):
        block = ResNeXtBlock(256, 256, c, d)
    live = [p.numel() for p in block.parameters() if p.dim() == 4]
    assert list(found.weights) == live
    assert equal_width(c) == d


def test_32x4d_by_hand() -> None:
    assert setting(32, 4).weights == (256 * 128, 9 * 4 * 128, 128 * 256)
    assert setting(2, 3, in_channels=8, side=5).macs == (48 + 162 + 48) * 25


def test_errors_are_the_papers_alone() -> None:
    assert ERRORS[1, 64] == (23.9, 22.0)
    assert ERRORS[32, 4] == (22.2, 21.2)
    assert set(ERRORS) == set(PAPER)


def test_more_paths_are_thinner() -> None:
    widths = [equal_width(c) for c in range(1, 33)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] >= 1


@pytest.mark.parametrize(
    ("c", "d", "channels"),
    [(0, 4, 256), (4, 0, 256), (64, 100, 256), (1, 1, 0), (1, 1, 1025), (129, 1, 256)],
)
def test_impossible_settings(c: int, d: int, channels: int) -> None:
    with pytest.raises(Problem, match="setting"):
        setting(c, d, channels)
