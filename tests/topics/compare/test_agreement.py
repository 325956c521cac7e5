from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from demo.records import Scores
from demo.topics.compare.agreement import agreement, outside

Answer = Callable[..., Scores]


def test_groups_are_largest_first_then_in_order(answer: Answer) -> None:
    found = agreement(
        "cifar10",
        [
            answer("a", [0.5, 0.25, 0.25]),
            answer("b", [0.25, 0.25, 0.5]),
            answer("c", [0.25, 0.5, 0.25]),
            answer("d", [0.125, 0.75, 0.125]),
        ],
    )
    assert found.dataset == "cifar10"
    assert found.groups == ((1, ("c", "d")), (0, ("a",)), (2, ("b",)))
    assert found.ensemble.tolist() == [0.28125, 0.4375, 0.28125]
    assert found.ensemble.dtype == np.float32


def test_one_network_agrees_with_itself(answer: Answer) -> None:
    found = agreement("imagenet", [answer("a", [0.25, 0.75])])
    assert found.groups == ((1, ("a",)),)
    assert found.ensemble.tolist() == [0.25, 0.75]


def test_nobody_and_different_labels_are_refused(answer: Answer) -> None:
    with pytest.raises(ValueError):
        agreement("cifar10", [])
    with pytest.raises(ValueError):
        agreement("cifar10", [answer("a", [0.5, 0.5]), answer("b", [0.5, 0.25, 0.25])])
    with pytest.raises(ValueError):
        outside([])


SURE = [0.9, 0.05, 0.03, 0.02]
LOST = [0.3, 0.25, 0.25, 0.2]


def test_a_sure_network_is_inside(answer: Answer) -> None:
    assert not outside([answer("a", SURE)])


def test_a_lost_network_is_outside(answer: Answer) -> None:
    assert outside([answer("a", LOST)])


def test_two_candidates_are_no_scatter(answer: Answer) -> None:
    assert not outside([answer("a", [0.48, 0.48, *[0.005] * 8])])  # entropy 0.42 of the most


def test_sure_networks_that_disagree_are_outside(answer: Answer) -> None:
    sure = [answer(str(i), [0.94 if j == i else 0.02 for j in range(4)]) for i in range(4)]
    assert not outside(sure[:1])
    assert outside(sure)
