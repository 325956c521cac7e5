from __future__ import annotations

import numpy as np
import pytest
import torch

from demo.engine.counterfactual import answers
from demo.engine.runs import block_ends, run
from demo.records import Problem
from demo.topics.inception.ablation import cut, matrix, switched_off
from demo.topics.inception.records import Branch
from tests.inception_networks import NETWORKS, countable, noise, ones, stand_in

ALL = ("1x1", "3x3", "5x5", "pool")


def test_the_countable_network_with_a_branch_off() -> None:
    # Means of 4x4 maps: 3, 3 * (10 / 4) ** 2, 3 * (14 / 4) ** 2, 3.
    loaded = countable("cut")
    assert cut(loaded, ones(), "only", ()).after.logits.tolist() == [3.0, 18.75, 36.75, 3.0]
    assert cut(loaded, ones(), "only", ("3x3",)).after.logits.tolist() == [3.0, 0.0, 36.75, 3.0]
    assert cut(loaded, ones(), "only", ("pool", "1x1")).after.logits.tolist() == [
        0.0,
        18.75,
        36.75,
        0,
    ]
    assert cut(loaded, ones(), "only", ("pool", "1x1")).off == ("1x1", "pool")
    assert cut(loaded, ones(), "only", ALL).after.logits.tolist() == [0.0] * 4
    assert cut(loaded, ones(), "only", ALL).after.probabilities.tolist() == [0.25] * 4


def test_a_mean_keeps_the_level_and_loses_the_place() -> None:
    output = torch.tensor([[[[1.0, 3.0]], [[5.0, 7.0]]]])
    branch = Branch("x", (), (), 1, 2, 0)
    assert switched_off(output, [branch], "mean").tolist() == [[[[1.0, 3.0]], [[6.0, 6.0]]]]
    assert switched_off(output, [branch], "zero").tolist() == [[[[1.0, 3.0]], [[0.0, 0.0]]]]
    assert output.tolist() == [[[[1.0, 3.0]], [[5.0, 7.0]]]]
    loaded = countable("mean")
    assert cut(loaded, ones(), "only", ALL, "mean").after.logits.tolist() == [
        3.0,
        18.75,
        36.75,
        3.0,
    ]


@pytest.mark.parametrize("key", NETWORKS)
def test_nothing_off_changes_nothing(key: str) -> None:
    loaded = stand_in(key)
    photo = noise(loaded.spec.input_size)
    scores = run(loaded, photo).scores
    for name in loaded.spec.blocks:
        found = cut(loaded, photo, name, ())
        assert found.after.logits.tolist() == scores.logits.tolist()
        assert found.after.probabilities.tolist() == scores.probabilities.tolist()
    paths = list(loaded.spec.blocks.values())[-2:]
    empty = answers(loaded, photo, {path: lambda own: own.clone() for path in paths})
    np.testing.assert_allclose(empty.numpy(), np.tile(scores.logits, (2, 1)), atol=1e-4)


@pytest.mark.parametrize("number", range(6))
def test_all_off_is_as_feeding_zeros_onward(number: int) -> None:
    loaded, photo = stand_in("mini_googlenet"), noise(32)
    name, path = list(loaded.spec.blocks.items())[number]
    stage, index = path.split(".")[1:]
    x = torch.zeros_like(block_ends(loaded, photo)[path].output)
    x = loaded.network.stages.get_submodule(stage)[int(index) + 1 :](x)
    later = list(loaded.network.stages.named_children())
    for _, module in later[[key for key, _ in later].index(stage) + 1 :]:
        x = module(x)
    onward = loaded.network.fc(loaded.network.pool(x).flatten(1))[0]
    found = cut(loaded, photo, name, ALL)
    np.testing.assert_allclose(found.after.logits, onward.numpy(), atol=1e-5)
    assert not np.allclose(found.after.logits, run(loaded, photo).scores.logits, atol=1e-3)


def test_the_matrix_holds_what_single_cuts_find() -> None:
    loaded, photo, calls = stand_in("mini_googlenet"), noise(32), []
    passes: list[int] = []
    run(loaded, photo)
    handle = loaded.network.register_forward_pre_hook(lambda module, inputs: passes.append(1))
    found = matrix(loaded, photo, progress=lambda *call: calls.append(call))
    assert matrix(loaded, photo) is found
    handle.remove()
    assert len(passes) == 1
    assert calls == [(i + 1, 6, name) for i, name in enumerate(loaded.spec.blocks)]
    np.testing.assert_allclose(
        found.cuts[0].before.logits, run(loaded, photo).scores.logits, atol=1e-5
    )
    assert [(c.block, c.off) for c in found.cuts] == [
        (name, (branch,)) for name in loaded.spec.blocks for branch in ALL
    ]
    for one in found.cuts[::5]:
        alone = cut(loaded, photo, one.block, one.off)
        np.testing.assert_allclose(one.after.logits, alone.after.logits, atol=1e-5)
        np.testing.assert_allclose(one.after.probabilities, alone.after.probabilities, atol=1e-5)


def test_no_hook_is_left_and_probabilities_use_the_temperature() -> None:
    loaded, photo = stand_in("mini_googlenet"), noise(32)
    found = cut(loaded, photo, list(loaded.spec.blocks)[-1], ("1x1",), "mean")
    expected = torch.softmax(torch.from_numpy(found.after.logits) / 2.0, dim=0)
    assert found.after.probabilities.tolist() == expected.tolist()
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in loaded.network.modules())


def test_an_unknown_branch_is_a_problem() -> None:
    with pytest.raises(Problem, match="no_branch"):
        cut(countable("unknown"), ones(), "only", ("7x7",))
