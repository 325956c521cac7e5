"""A grey patch that is placed by hand, and the smallest that fools one network alone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.page.page import _PLAIN
from demo.records import Box, Photo
from demo.records.counterfactual import Changed
from demo.text import LANGUAGES, text
from demo.topics.closer.figures import fooling as figure
from demo.topics.closer.fooling import patched, searching, trying
from demo.topics.closer.numbers.patches import alone, masks
from demo.topics.closer.records.patches import (
    PLACES,
    Find,
    Patch,
    Search,
    Tries,
    box_of,
    middle_square,
    patch_at,
    places,
)
from demo.topics.closer.scenes import fooling
from demo.topics.closer.scenes.chosen import FIVE
from demo.zoo.loading import load
from tests.compared import answer
from tests.residual_networks import noise as small_photo
from tests.stepped import walked
from tests.topics.closer.toys import last_page, small

Loaded = Callable[..., Any]
FULL = Box(0.0, 0.0, 1.0, 1.0)
KEY = "0123456789abcdef"
KEPT = Changed(answer((0.7, 0.2, 0.1)), answer((0.6, 0.3, 0.1)))
LOST = Changed(answer((0.7, 0.2, 0.1)), answer((0.2, 0.7, 0.1)))


def test_where_patches_lie() -> None:
    assert [len(places(side)) for side in (1, 2, 3, 4, 8)] == [64, 64, 49, 49, 25]
    assert PLACES == 398
    assert places(8)[:2] == (Patch(0, 0, 8), Patch(0, 2, 8))
    assert places(8)[-1] == Patch(8, 8, 8)
    assert middle_square(200, 400) == Box(0.25, 0.0, 0.75, 1.0)
    assert box_of(Patch(4, 8, 4), Box(0.25, 0.0, 0.75, 1.0)) == Box(0.5, 0.25, 0.625, 0.5)
    # Its middle is what is kept, whatever its side becomes.
    assert Patch(4, 8, 4).spot == "12.20"
    assert patch_at("12.20", 4) == Patch(4, 8, 4)
    assert patch_at("12.20", 2) == Patch(5, 9, 2)
    assert patch_at("31.0", 8) == Patch(8, 0, 8)
    assert patch_at("", 4) == patch_at("<b>", 4) == Patch(6, 6, 4)
    assert patch_at("16.16", 99).side == 12


def test_a_patch_over_what_a_network_sees() -> None:
    (mask,) = masks([Patch(0, 0, 8)], FULL, FULL, 4)
    assert mask.tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0] * 4, [0] * 4]
    # The network sees the middle half: the patch ends in its middle.
    (mask,) = masks([Patch(0, 0, 8)], FULL, Box(0.25, 0.25, 0.75, 0.75), 2)
    assert mask.tolist() == [[1, 0], [0, 0]]
    (mask,) = masks([Patch(0, 0, 1)], FULL, FULL, 8)
    assert (mask[0, 0], mask.sum()) == (0.25, 0.25)


def tries(own: int, tops: list[int], shares: list[float]) -> Tries:
    count = len(places(8))
    kept = np.array(tops + [own] * (count - len(tops)))
    rest = np.array(shares + [1.0] * (count - len(shares)), np.float32)
    return Tries(8, own, kept, rest)


def test_who_is_fooled_alone() -> None:
    found = alone(
        {
            # Places 0, 1 and 3 change it; 1 changes the other, too; 3 more clearly than 0.
            "a": tries(0, [1, 1, 0, 2], [0.4, 0.1, 0.9, 0.2]),
            "b": tries(5, [5, 6, 5, 5], [0.9, 0.2, 0.9, 0.9]),
        }
    )
    assert found == {"a": Find(places(8)[3], 2), "b": None}
    only = alone({"b": tries(5, [5, 6], [0.9, 0.2])})
    assert only == {"b": Find(places(8)[1], 6)}


def of_red() -> nn.Sequential:
    """Logits: what the mean red of 4 x 4 pixels has above 0.95, and 0."""
    network = nn.Sequential(nn.Conv2d(3, 1, 1), nn.Conv2d(1, 2, 1), nn.AvgPool2d(4), nn.Flatten())
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1))
        network[0].bias.fill_(-0.95)
        network[1].weight.copy_(torch.tensor([1.0, 0]).view(2, 1, 1, 1))
        network[1].bias.zero_()
    return network


def test_the_smallest_patch_that_fools_one_alone(loaded: Loaded) -> None:
    white = Photo("white", np.full((4, 4, 3), 255, np.uint8))
    weak, firm = (small(loaded(of_red(), ("0",), 2)) for _ in range(2))
    firm.network[0].bias.data.fill_(-0.5)
    # Grey takes half of what it covers: below 0.95 on the mean from a tenth of the square on, that
    # is 26 of 256 units. The firm network needs all of it.
    assert [patched(weak, white, Patch(0, 0, side)).flips for side in (5, 6)] == [False, True]
    found = patched(weak, white, Patch(0, 0, 8))
    assert found.after.logits[0] == pytest.approx(0.05 - 0.5 / 4, abs=1e-6)
    seen, search = walked(searching([weak, firm], white))
    assert search.over
    find = search.finds[weak.spec.key]
    assert find is not None
    assert (find.patch.side, find.winner) == (6, 1)
    assert search.finds[firm.spec.key] is None
    assert search.smallest == (weak.spec.key,)
    assert [one.side for one in seen] == [side for side in range(1, 13) for _ in range(2)]
    assert [(one.done, one.total) for one in seen[:2]] == [(0, 128), (64, 128)]
    # What was tried is kept.
    assert [*searching([weak, firm], white)] == []


def test_it_says_how_far_it_is_and_can_be_left() -> None:
    steps = trying(load("efficientnet_lite0"), small_photo(), 8)
    assert [next(steps), next(steps)] == [0, 8]


def test_the_sentences_of_a_patch_and_of_a_search() -> None:
    t, patch = text("en"), Patch(0, 0, 4)
    assert figure.sentence({"A": KEPT, "B": KEPT}, patch, t) == (
        "This patch (25.0 % of the side) changes no network's answer."
    )
    assert figure.sentence({"A": LOST, "B": KEPT}, patch, t) == (
        "This patch (25.0 % of the side) fools A alone. Unchanged: B."
    )
    finds = {"a": Find(Patch(0, 0, 3), 1), "b": None, "c": Find(Patch(2, 2, 5), 1)}
    said = figure.searched(Search(finds, 8, 0, 0, over=True), {"a": "A", "b": "B", "c": "C"}, t)
    assert said == (
        "The smallest patch that fools one network alone has 3/16 of the side, and fools A. None "
        "on this grid fools one of these alone: B. The grid: 398 patches, sides from 1/16 to "
        "12/16, each every 2/16."
    )
    nothing = Search({"a": None}, 8, 0, 0, over=True)
    assert nothing.smallest == ()
    under_way = figure.searched(Search({"a": None}, 2, 64, 128), {"a": "A"}, t)
    assert under_way == "Searched so far: patches of 2/16 of the side, 64 of 128 answers."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene_of_a_patch(lang: str) -> None:
    t, photo, keys = text(lang), small_photo(), ["mini_resnet", "mini_googlenet", "resnet50"]
    page = last_page(fooling.fooling(t, photo, keys, "12.20", 4, ""))
    assert 'data-spot="12.20" data-side="4" data-units="16"' in page
    ours = patched(load("mini_resnet"), photo, Patch(4, 8, 4))
    (mine,) = re.findall(r'data-model="mini_resnet".*?data-flips="(\w+)"', page)
    assert mine == str(ours.flips).lower()
    token = fooling.sought(photo.key, keys)
    assert f'data-search="{token}"' in page
    assert _PLAIN.fullmatch(fooling.sought(KEY, keys) + ".1")
    # Other networks, or another photo: nothing is searched.
    other = fooling.sought(photo.key, keys[1:])
    assert "data-search" in last_page(fooling.fooling(t, photo, keys, "", 4, f"{other}.1"))
    steps = [*fooling.fooling(t, photo, keys, "12.20", 4, f"{token}.3")]
    page = str(steps[-1])
    assert "data-search" not in page
    assert page.count('class="find') == 2
    assert t("closer.fool_grid", places=398, least=1, most=12, step=2, units=16) in page
    spots = re.findall(r'class="find" data-spot="([\d.]+)" data-side="(\d)"', page)
    for spot, side in spots:
        flips = [patched(load(key), photo, patch_at(spot, int(side))).flips for key in keys[:2]]
        assert sum(flips) == 1
    assert html.escape(t("closer.fool_bare")) in fooling.bare(t, FIVE, "", 4, "")
    assert t("closer.none_chosen") in str(next(fooling.fooling(t, photo, [], "", 4, "")))
