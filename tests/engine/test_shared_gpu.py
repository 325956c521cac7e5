"""A Space's shared GPU behind the seam: what is answered on it, and what comes back."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from demo.engine import shared_gpu
from demo.engine.ask import Here, Question
from demo.engine.gain import gains, gpu_seconds
from demo.engine.predict import scores
from demo.engine.shared_gpu import SharedGPU
from demo.records import Problem
from demo.topics.compare.card import card
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel
from tests.shared import DeviceApi, said
from tests.stepped import walked


@gains(seconds=7)
def counted(loaded: LoadedModel, most: int) -> Generator[int, None, str]:
    yield from range(most)
    return loaded.spec.key


@gains(seconds=7)
def refuses(loaded: LoadedModel) -> None:
    raise Problem("problem.no_class", model=loaded.spec.title, index=12, count=10)


def test_only_what_says_so_of_a_full_size_network_gains() -> None:
    large, small = spec("resnet50"), spec("mini_resnet")
    assert [gpu_seconds(card, one) for one in (large, small)] == [20, 0]
    assert [gpu_seconds(scores, one) for one in (large, small)] == [0, 0]
    assert Question(card, "resnet50", True, (None,), {"k": 3}).gpu_seconds == 20
    assert Question(card, "resnet50", False, (None,), {}).gpu_seconds == 0
    # Its calls would have to cross from one process to the other.
    assert Question(card, "resnet50", True, (None,), {"progress": print}).gpu_seconds == 0
    assert Question(card, "resnet50", True, (print,), {}).gpu_seconds == 0


def test_who_waits_for_it_waits_elsewhere() -> None:
    asked = [Question(one, "resnet50", True, (), {}) for one in (card, scores)]
    assert [SharedGPU().elsewhere(one) for one in asked] == [True, False]
    assert [Here().elsewhere(one) for one in asked] == [False, False]


def test_where_no_gpu_is_shared_a_decorated_function_is_itself() -> None:
    assert shared_gpu.spaces is not None, "the package is a requirement of the tests"

    def task() -> str:
        return "as it is"

    assert shared_gpu.on_gpu(lambda: 20)(task) is task
    assert not shared_gpu.SHARED


def test_the_replies_are_put_together_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.zoo.spec.ModelSpec.full_size", True)
    behind = SharedGPU()
    steps = behind.answer(Question(counted, "mini_resnet", True, (3,), {}))
    assert walked(steps) == ([0, 1, 2], "mini_resnet")
    with pytest.raises(Problem) as caught:
        behind.answer(Question(refuses, "mini_resnet", True, (), {}))
    assert (caught.value.key, caught.value.values["index"]) == ("problem.no_class", 12)
    # What the package drops when somebody else leaves at the wrong moment is a sentence too.
    with pytest.raises(Problem, match="worker_ended"):
        walked(shared_gpu._steps(one for one in ()))  # type: ignore[arg-type]


def test_the_package_is_read_before_torch_and_touches_no_gpu() -> None:
    script = """
        import sys
        import app
        import torch

        names = list(sys.modules)
        print(names.index("spaces") < names.index("torch"), torch.cuda.is_initialized())
    """
    assert said(script, SPACES_ZERO_GPU="") == ["True False"]


def test_a_function_that_an_event_binds_is_a_decorated_one(switched_on: dict[str, str]) -> None:
    script = """
        import app

        found = [one for one in app.build().fns.values() if hasattr(one.fn, "zerogpu")]
        print([(one.api_name, one.api_visibility) for one in found])
    """
    assert said(script, **switched_on) == ["[('gpu', 'private')]"]


def test_what_gains_is_answered_in_the_process_with_the_gpu(
    switched_on: dict[str, str], device_api: DeviceApi
) -> None:
    script = """
        import os
        from demo.engine import shared_gpu
        from demo.engine.ask import ask, put_behind
        from demo.page import photos
        from demo.records import Problem
        from demo.topics.compare.card import card
        from demo.zoo.loading import load
        from tests import asked
        from tests.stepped import walked

        put_behind(shared_gpu.SharedGPU())
        photo, here = photos.load(photos.of_example("ship")), os.getpid()
        one = ask(card, "mini_resnet", photo, 3, "ship", "middle")
        own = card(load("mini_resnet"), photo, 3, "ship", "middle")
        same = abs(one.heat.values - own.heat.values).max() < 1e-5
        tops = [[index for index, _ in each.top] for each in (one, own)]
        print(tops[0] == tops[1], one.layer, bool(same))

        print([ask(asked.gaining, key) == here for key in ("mini_resnet", "mini_densenet")])

        steps, ended = walked(ask(asked.gaining_steps, "mini_resnet"))
        print([step for step, _ in steps], [process == here for _, process in steps], ended)
        ask(asked.gaining_steps, "mini_resnet").close()
        left = ask(asked.gaining_steps, "mini_resnet")
        print(next(left)[0])
        left.close()

        told = []
        teller = lambda *args: told.append(args)
        print(ask(asked.gaining_tells, "mini_resnet", teller) == here, told)

        for function in (asked.gaining_refuses, asked.gaining_fails):
            try:
                ask(function, "mini_resnet", photo)
            except (Problem, ZeroDivisionError) as error:
                print(type(error).__name__, error)
    """
    assert said(script, **switched_on) == [
        "True stage2 True",
        "[False, True]",
        "[0, 1, 2] [False, False, False] mini_resnet",
        "0",
        "True [(0, 'mini_resnet')]",
        "Problem problem.no_class {'index': 12}",
        "ZeroDivisionError by nothing",
    ]
    # A call, another, steps, steps that somebody left, a refusal and a failure; steps that nobody
    # began, what is not full-size and what calls back ask for nothing.
    seconds = [one for one in device_api.asked if one.startswith("/schedule")]
    assert seconds == ["/schedule 20", *["/schedule 7"] * 5]
    assert device_api.asked.count("/release false") == 6
    assert "/release true" not in device_api.asked
