"""What the records of DenseNets say of their own numbers."""

from __future__ import annotations

import numpy as np

from demo.topics.dense.records import Link, LinkEffects, Passage, Reuse

NAN = float("nan")


def test_a_matrix_knows_its_strongest_link() -> None:
    matrix = np.array([[2, 0.5, 1], [NAN, 4, 3], [NAN, NAN, 1]], np.float32)
    found = Reuse("tiny", 1, "raw", "transition", matrix, (0, 3, 4, 5))
    assert found.strongest == (1, 1)
    assert found.links == 6
    assert found.reads(1, 2)
    assert not found.reads(2, 1)
    assert not found.reads(0, 3)


def test_a_link_knows_its_strongest_channel() -> None:
    found = Link(1, 0, 2, 6, np.array([1, 4, 2.5], np.float32))
    assert (found.mean, found.most, found.strongest, found.last) == (2.5, 4.0, 7, 8)


def test_cut_links_know_the_strongest_cut_and_what_flips() -> None:
    change = np.array([[0.1, -0.2], [NAN, 0]], np.float32)
    winner = np.array([[3, 1], [-1, 3]])
    found = LinkEffects("tiny", "photo", 1, 3, 0.8, change, winner)
    assert found.strongest == (0, 1)
    assert found.links == 3
    assert found.flips.tolist() == [[False, True], [False, False]]


def test_a_passage_knows_its_widths() -> None:
    shapes = ((62, 8, 8), (86, 8, 8))
    assert Passage("d", "D", "densenet", "block3", shapes, (24,), sums=False).widths == (62, 86)
