from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from demo.engine.runs import block_ends, run
from demo.records import Photo, Problem
from demo.topics.dense.anatomy import dense_blocks
from demo.topics.dense.links import cut, effects, hidden
from demo.topics.dense.records import LinkEffects
from tests.dense_networks import as_dense, lesson, lesson_paths, vision, vision_paths
from tests.stepped import walked

Loaded = Callable[..., Any]


@pytest.fixture(params=["lesson", "vision"])
def dense(request: pytest.FixtureRequest, loaded: Loaded) -> Any:
    if request.param == "lesson":
        return as_dense(loaded(lesson(), ("stages",), 5), lesson_paths(3))
    return as_dense(loaded(vision(), ("features",), 5), vision_paths(4))


@pytest.fixture
def photo(noise: Callable[..., Photo]) -> Photo:
    return noise(32, 5)


def whole(steps: Generator[tuple[int, int], None, LinkEffects]) -> LinkEffects:
    """What all steps come to."""
    return walked(steps)[1]


def layer_of(loaded: Any, block: int, layer: int) -> nn.Module:
    path = list(loaded.spec.blocks.values())[block - 1]
    return list(loaded.network.get_submodule(path).children())[layer]


def hidden_from(loaded: Any, photo: Photo, block: int, target: int, channels: slice) -> Tensor:
    """Probabilities of the whole network while a hook zeroes what one layer reads.

    The lesson's layer passes on what it read: there the hook must hide it from F alone.
    """
    layer = layer_of(loaded, block, target)
    norm = next(m for m in layer.children() if isinstance(m, nn.BatchNorm2d))

    def hide(module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor]:
        read = inputs[0].clone()
        read[:, channels] = 0
        return (read,)

    handle = norm.register_forward_pre_hook(hide)
    with torch.no_grad():
        logits = loaded.network(loaded.prepare(photo)[0])
    handle.remove()
    return torch.softmax(logits[0], 0).numpy()


def test_cutting_nothing_gives_the_networks_own_answer(dense: Any, photo: Photo) -> None:
    ends, own = block_ends(dense, photo), run(dense, photo).scores.logits
    for view in dense_blocks(dense):
        for target in range(len(view.readers)):
            output = ends[view.path].output
            torch.testing.assert_close(
                hidden(view, output, target, [()]), output, rtol=1e-4, atol=1e-5
            )
            found = cut(dense, photo, view.number, target, [])
            np.testing.assert_allclose(found.after.logits, own, rtol=1e-4, atol=1e-5)


def test_one_link_equals_a_hook_in_the_whole_network(dense: Any, photo: Photo) -> None:
    view = dense_blocks(dense)[1]
    for target, source in ((0, 0), (2, 1), (2, 2)):
        found = cut(dense, photo, 2, target, [source])
        expected = hidden_from(dense, photo, 2, target, view.channels(source))
        np.testing.assert_allclose(found.after.probabilities, expected, rtol=1e-4, atol=1e-6)
        assert np.abs(found.after.probabilities - found.before.probabilities).max() > 1e-5


def test_all_links_of_a_layer_equal_zeroing_its_input(dense: Any, photo: Photo) -> None:
    found = cut(dense, photo, 2, 1, [0, 1])
    expected = hidden_from(dense, photo, 2, 1, slice(None))
    np.testing.assert_allclose(found.after.probabilities, expected, rtol=1e-4, atol=1e-6)


def test_a_link_that_carries_no_weight_changes_nothing(dense: Any, photo: Photo) -> None:
    view = dense_blocks(dense)[1]
    with torch.no_grad():
        view.readers[2].weight[:, view.channels(1)] = 0
    found = cut(dense, photo, 2, 2, [1])
    np.testing.assert_allclose(
        found.after.probabilities, found.before.probabilities, rtol=1e-4, atol=1e-6
    )
    assert whole(effects(dense, photo, 2)).change[1, 2] == pytest.approx(0, abs=1e-6)


def test_what_follows_the_block_can_be_cut_too(dense: Any, photo: Photo) -> None:
    last = len(dense_blocks(dense))
    view = dense_blocks(dense)[-1]
    found = cut(dense, photo, last, len(view.add), list(range(len(view.add) + 1)))
    # Nothing but the last BatchNorm's answer to zeros is left, whatever the photo was.
    norm, classifier = view.readers[-1].norm, list(dense.network.modules())[-1]
    with torch.no_grad():
        zeros = torch.relu(norm(torch.zeros(1, view.starts[-1], 1, 1)))
        logits = classifier(zeros.flatten(1))[0]
    np.testing.assert_allclose(found.after.logits, logits.numpy(), rtol=1e-4, atol=1e-5)


def test_all_links_one_at_a_time(dense: Any, photo: Photo) -> None:
    seen, found = walked(effects(dense, photo, 2))
    assert found.change.shape == (4, 4)
    assert np.isnan(found.change[np.tril_indices(4, -1)]).all()
    assert (found.winner[np.tril_indices(4, -1)] == -1).all()
    for source, target in ((0, 0), (1, 2), (2, 3), (0, 3)):
        alone = cut(dense, photo, 2, target, [source])
        assert alone.top == found.index
        assert found.change[source, target] == pytest.approx(alone.moved, abs=1e-5)
        assert found.winner[source, target] == alone.winner
    assert seen[-1] == (10, 10)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert found.probability == pytest.approx(
        float(cut(dense, photo, 2, 0, []).before.probabilities.max())
    )


def test_all_links_are_cut_once(dense: Any, photo: Photo) -> None:
    found = whole(effects(dense, photo, 1))
    seen, again = walked(effects(dense, photo, 1))
    assert again is found
    assert seen == []


def test_who_leaves_in_the_middle_leaves_nothing_half(dense: Any, photo: Photo) -> None:
    steps = effects(dense, photo, 2)
    next(steps)
    steps.close()
    assert whole(effects(dense, photo, 2)).change.shape == (4, 4)


def test_a_link_that_is_not_there(dense: Any, photo: Photo) -> None:
    with pytest.raises(Problem, match="no_link"):
        cut(dense, photo, 2, 1, [2])


def test_the_temperature_counts(loaded: Loaded, photo: Photo) -> None:
    standin = as_dense(loaded(lesson(), ("stages",), 5, temperature=3.0), lesson_paths(3))
    found = cut(standin, photo, 2, 0, [])
    np.testing.assert_allclose(found.after.probabilities, found.before.probabilities, rtol=1e-4)
