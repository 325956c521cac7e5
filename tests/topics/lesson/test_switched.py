"""The exercise on a photo, held to what the bundled network answers."""

from __future__ import annotations

import pytest

from demo.page import photos
from demo.topics.inception.ablation import cut, matrix
from demo.topics.lesson.questions.every import asked
from demo.topics.lesson.questions.switching import CUT_NETWORK, CUTS, Cut
from demo.zoo.loading import load


@pytest.mark.parametrize("one", CUTS, ids=lambda one: one.photo)
def test_these_branches_and_no_others_bring_it_below_the_half(one: Cut) -> None:
    loaded = load(CUT_NETWORK)
    photo = photos.load(photos.of_example(one.photo))
    assert photo is not None
    index = loaded.spec.labels.index(one.label)
    whole = cut(loaded, photo, one.block, ())
    assert whole.top == index
    assert round(100 * whole.before.probabilities[index]) == one.share
    left = {
        found.off[0]: float(found.after.probabilities[index])
        for found in matrix(loaded, photo).cuts
        if found.block == one.block
    }
    assert tuple(name for name, share in left.items() if share < 0.5) == one.branches
    # Far enough from the half for every machine.
    assert min(abs(share - 0.5) for share in left.values()) > 0.1


def test_seed_0_is_the_lion_that_is_called_a_cat() -> None:
    task = asked("switched", 0)[1].task
    assert task is not None
    assert (task.topic, task.scene) == ("inception", "worth")
    assert dict(task.state) == {
        "inception": "mini_googlenet",
        "block": "3c",
        "cut": "zero",
        "example": "lion",
    }
    off, before, after = task.conditions[1:]
    assert (off.attribute, off.value) == ("data-off", 1)
    assert after.selector == before.selector
    assert 'data-class="3"' in after.selector
    assert (after.attribute, after.op, after.value) == ("data-after", "<", 0.5)
