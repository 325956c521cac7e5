"""What every process behind the seam promises, whichever stands there."""

from __future__ import annotations

import numpy as np
import pytest

from demo.engine.ask import ask
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.records import Problem
from demo.topics.closer.explain import Question, explaining, finished
from demo.topics.compare.card import card
from demo.topics.inception.ablation import matrix
from demo.zoo.loading import load
from tests import asked
from tests.apart import asked_at_once, noisy
from tests.stepped import walked


def says_what_this_process_says(key: str) -> None:
    """Scores, a map through the graph, and a card."""
    photo, here = noisy(1), load(key)
    answer, own = ask(scores, key, photo), scores(here, photo)
    assert (answer.model, answer.photo, answer.source) == (key, photo.key, "bundled")
    assert answer.seen == own.seen
    np.testing.assert_allclose(answer.probabilities, own.probabilities, atol=1e-4)
    layer = here.spec.layers[0].name
    found, drawn = ask(heat_map, key, photo, layer, 3), heat_map(here, photo, layer, 3)
    assert (found.layer, found.index) == (drawn.layer, drawn.index) == (layer, 3)
    np.testing.assert_allclose(found.values, drawn.values, atol=1e-3)
    asked_card, own_card = ask(card, key, photo, 3), card(here, photo, 3)
    assert [index for index, _ in asked_card.top] == [index for index, _ in own_card.top]
    assert asked_card.labels == own_card.labels


def steps_travel_one_by_one() -> None:
    """And end in the record; who asks in between is answered at once."""
    photo, question = noisy(2), Question("occlusion", 4)

    def another() -> None:
        assert ask(asked.mean, "mini_resnet", photo) == pytest.approx(photo.pixels.mean())

    told, found = walked(ask(explaining, "mini_resnet", photo, question), another)
    own = finished(explaining(load("mini_resnet"), photo, question))
    assert told == sorted(told)
    assert len(told) > 1
    np.testing.assert_allclose(found.raw, own.raw, atol=1e-4)


def tells_how_far_it_is() -> None:
    """What is called there to say so is called here."""
    told: list[tuple[int, str]] = []
    assert ask(asked.tells, "mini_resnet", lambda *args: told.append(args)) == "told"
    assert told == [(0, "mini_resnet"), (1, "mini_resnet"), (2, "mini_resnet")]
    blocks: list[str] = []
    found = ask(matrix, "mini_googlenet", noisy(3), "zero", lambda i, of, name: blocks.append(name))
    assert blocks == list(load("mini_googlenet").spec.blocks)
    assert found.model == "mini_googlenet"


def survives_who_hears_it() -> None:
    """Where that fails the next answer is the next one's."""

    def fails(step: int, key: str) -> None:
        raise KeyError(step)

    with pytest.raises(KeyError) as caught:
        ask(asked.tells, "mini_resnet", fails)
    assert caught.value.args == (0,)
    assert ask(asked.mean, "mini_resnet", noisy(4)) == pytest.approx(noisy(4).pixels.mean())


def fails_as_here() -> None:
    """A problem, an error with its way, and what cannot cross."""
    with pytest.raises(Problem) as caught:
        ask(asked.refuses, "mini_resnet", noisy(1))
    assert caught.value.key == "problem.no_class"
    assert caught.value.values == {"model": "Mini ResNet", "index": 12, "count": 10}
    with pytest.raises(ZeroDivisionError, match="by nothing") as failed:
        ask(asked.fails, "mini_resnet")
    assert "in fails" in "".join(failed.value.__notes__)
    with pytest.raises(TypeError, match="pickle"):
        ask(asked.unspeakable, "mini_resnet")


def answers_each_its_own() -> None:
    """Twenty threads at once."""
    assert asked_at_once(20) == {
        seed: pytest.approx(noisy(seed, 16).pixels.mean()) for seed in range(20)
    }
