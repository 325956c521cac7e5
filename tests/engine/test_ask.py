"""The seam: one call with a key, a photo and options, whoever answers."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
import pytest

from demo.engine.ask import Here, Listed, Question, ask, listed, put_behind, source, there
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.records import Photo, Problem
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel, load
from tests.stand_in import StandIn


class Noting(Here):
    """This process, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def answer(self, question: Question) -> Any:
        self.asked.append(question)
        return super().answer(question)


@pytest.fixture
def noting() -> Iterator[Noting]:
    one = Noting()
    before = put_behind(one)
    yield one
    put_behind(before)


def halves(loaded: LoadedModel, number: int) -> Generator[int, None, str]:
    yield number // 2
    return loaded.spec.key


def doubled(number: int) -> int:
    return 2 * number


def test_a_network_of_the_catalogue_is_asked_by_its_key(noting: Noting) -> None:
    photo = Photo("grey", np.full((32, 32, 3), 128, np.uint8))
    own = heat_map(load("mini_resnet"), photo, index=3)
    for network in ("mini_resnet", listed("mini_resnet")):
        found = ask(heat_map, network, photo, index=3)
        assert (found.model, found.photo, found.index) == ("mini_resnet", "grey", 3)
        np.testing.assert_allclose(found.values, own.values, atol=1e-3)
    (first, second) = noting.asked
    assert first == second == Question(heat_map, "mini_resnet", True, (photo,), {"index": 3})


def test_steps_come_as_steps(noting: Noting) -> None:
    steps = ask(halves, "mini_densenet", 8)
    assert next(steps) == 4
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value == "mini_densenet"


def test_what_loads_no_network_of_its_own(noting: Noting) -> None:
    assert there("mini_resnet", doubled, 4) == 8
    assert [one.key for one in noting.asked] == ["mini_resnet"]
    assert ask(source, "mini_resnet") == "bundled"


def test_a_network_that_is_in_this_process_alone_is_asked_here(
    noting: Noting, loaded: Callable[..., StandIn]
) -> None:
    trained = loaded(load("mini_resnet").network, ("stages.2",), 10)
    assert ask(source, trained) == "bundled"  # type: ignore[arg-type]
    assert noting.asked == []


def test_a_key_that_is_none_is_refused_before_anybody_is_asked(noting: Noting) -> None:
    for call in (lambda: ask(scores, "nobody"), lambda: there("nobody", doubled, 1), listed):  # type: ignore[call-arg]
        with pytest.raises(Problem) as caught:
            call("nobody") if call is listed else call()
        assert caught.value.key == "problem.no_model"
    assert noting.asked == []


def test_every_argument_can_be_changed_on_the_way() -> None:
    question = Question(doubled, "mini_resnet", False, (1, 2), {"third": 3})
    assert question.each(str).args == ("1", "2")
    assert question.each(str).options == {"third": "3"}
    assert Listed(spec("mini_resnet")) == listed("mini_resnet")


def test_a_problem_travels_with_its_key_and_values() -> None:
    found = pickle.loads(pickle.dumps(Problem("problem.no_class", model="m", index=3)))
    assert type(found) is Problem
    assert (found.key, found.values) == ("problem.no_class", {"model": "m", "index": 3})
