"""Whatever a network is asked can be asked elsewhere: question, steps and record travel."""

from __future__ import annotations

import ast
import importlib
import inspect
import pickle
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.engine import ask as seam, gradcam, known, predict
from demo.engine.ask import Here, Question, ask, put_behind
from demo.records import Photo
from demo.topics.choice import profile
from demo.topics.closer import (
    against,
    breaking,
    channels,
    explain,
    faithful,
    fooling,
    layers,
    marking,
    randomised,
)
from demo.topics.closer.records.breaking import Harm
from demo.topics.closer.records.marks import Mark
from demo.topics.closer.records.patches import patch_at
from demo.topics.compare import card
from demo.topics.dense import anatomy, links, passage, reuse
from demo.topics.dense.numbers.growth import PRESETS, first_layers
from demo.topics.inception import ablation, branches
from demo.topics.inception.anatomy import anatomy as blocks_of
from demo.topics.inception.numbers.cost import roles
from demo.topics.residual import addition, gradients, paths
from demo.zoo.catalogue import spec

ROOT = Path(__file__).parent.parent
PHOTO = Photo("noise", np.random.default_rng(0).integers(0, 256, (40, 48, 3)).astype(np.uint8))
LAYER = spec("mini_densenet").layers[0].name
BLOCK = next(iter(spec("mini_googlenet").blocks))
REDUCED = roles(blocks_of(spec("mini_googlenet")).blocks[BLOCK]).reductions[0]
WAY = passage.dense_passage(spec("mini_densenet"), first_layers(PRESETS["mini_densenet"], 2))
RESIDUAL = addition.bottlenecks(spec("mini_resnext"))[:1]
PATHS = RESIDUAL[0].name
PATCH = patch_at("", 4)
MARK = Mark(np.eye(4, dtype=bool))
HARM = Harm("blur", 0.5)


def told(*args: Any) -> None:
    return


CALLS: list[tuple[Callable[..., Any], str, tuple[Any, ...]]] = [
    (seam.source, "mini_resnet", ()),
    (predict.scores, "mini_resnet", (PHOTO,)),
    (gradcam.heat_map, "mini_resnet", (PHOTO,)),
    (known.known, "efficientnet_lite0", (PHOTO,)),
    (card.card, "mini_resnet", (PHOTO,)),
    (ablation.cut, "mini_googlenet", (PHOTO, BLOCK, ["1x1"])),
    (ablation.matrix, "mini_googlenet", (PHOTO, "zero", told)),
    (ablation.kept_matrix, "mini_googlenet", (PHOTO, "zero")),
    (branches.activity, "mini_googlenet", (PHOTO, BLOCK)),
    (branches.across, "mini_googlenet", (PHOTO,)),
    (branches.maps, "mini_googlenet", (PHOTO, BLOCK, "1x1")),
    (branches.work, "mini_googlenet", (PHOTO, BLOCK, REDUCED, 4)),
    (paths.each_off, "mini_resnext", (PHOTO, RESIDUAL)),
    (paths.forms, "mini_resnext", (PHOTO, PATHS)),
    (paths.path_maps, "mini_resnext", (PHOTO, PATHS)),
    (paths.switched, "mini_resnext", (PHOTO, PATHS, ["0", "shortcut"])),
    (addition.residual_sum, "mini_resnext", (PHOTO, PATHS)),
    (addition.shares, "mini_resnext", (PHOTO,)),
    (gradients.gradients, "mini_resnet", (PHOTO, False)),
    (anatomy.layer_maps, "mini_densenet", (PHOTO, 1, 1)),
    (links.cut, "mini_densenet", (PHOTO, 1, 1, [0])),
    (links.effects, "mini_densenet", (PHOTO, 1)),
    (passage.kept, "mini_densenet", (PHOTO, WAY)),
    (reuse.link, "mini_densenet", (1, 0, 1, "activation", PHOTO)),
    (reuse.reuse, "mini_densenet", (1, "raw", None)),
    (against.against, "mini_densenet", (PHOTO, None, None)),
    (breaking.broken, "mini_densenet", (PHOTO, HARM)),
    (breaking.climbing, "mini_densenet", (PHOTO, HARM)),
    (channels.channels, "mini_densenet", (PHOTO, LAYER)),
    (channels.example_response, "mini_densenet", (PHOTO, "ship", LAYER, 1)),
    (channels.known, "mini_densenet", (PHOTO,)),
    (channels.maps_of, "mini_densenet", (PHOTO, LAYER, [0, 1])),
    (channels.response, "mini_densenet", (PHOTO, LAYER, 1)),
    (explain.explaining, "mini_densenet", (PHOTO, explain.Question("occlusion"))),
    (faithful.testing, "mini_densenet", (PHOTO, explain.Question("gradcam"))),
    (fooling.patched, "mini_densenet", (PHOTO, PATCH)),
    (fooling.trying, "mini_densenet", (PHOTO, 2)),
    (layers.strip, "mini_densenet", (PHOTO,)),
    (marking.marked, "mini_densenet", (PHOTO, MARK)),
    (randomised.randomising, "mini_densenet", (PHOTO, "edges")),
    (randomised.known, "mini_densenet", (PHOTO, "edges", 0)),
]


class Travelling(Here):
    """This process, to which everything comes as bytes, and leaves it so."""

    def answer(self, question: Question) -> Any:
        question = question.each(lambda one: one if inspect.isfunction(one) else travelled(one))
        if inspect.isgeneratorfunction(question.function):
            return self.steps(question)
        return travelled(question.answer())

    def steps(self, question: Question) -> Generator[Any, None, Any]:
        steps = question.answer()
        while True:
            try:
                yield travelled(next(steps))
            except StopIteration as end:
                return travelled(end.value)


def travelled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.fixture
def travelling() -> Iterator[None]:
    before = put_behind(Travelling())
    yield
    put_behind(before)


def asked_in_the_code() -> Iterator[Callable[..., Any]]:
    """What the calls of `ask` in our own code ask."""
    for path in sorted((ROOT / "demo").rglob("*.py")):
        source = path.read_text("utf-8")
        if "demo.engine.ask import" not in source:
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ask":
                yield eval(ast.unparse(node.args[0]), vars(module))


def test_nothing_is_asked_that_is_not_looked_at_here() -> None:
    assert {*asked_in_the_code()} == {function for function, *_ in CALLS}


@pytest.mark.parametrize("function", [*(one for one, *_ in CALLS), profile._timed])
def test_what_is_asked_is_found_by_its_name(function: Callable[..., Any]) -> None:
    assert travelled(function) is function
    # A worker has no page: what it imports must not either.
    assert not {"scenes", "page", "api", "topic"} & {*function.__module__.split(".")}


@pytest.mark.parametrize(
    ("function", "key", "args"), CALLS, ids=lambda one: getattr(one, "__qualname__", "")
)
def test_the_record_travels(
    travelling: None, function: Callable[..., Any], key: str, args: tuple[Any, ...]
) -> None:
    answer = ask(function, key, *args)
    if inspect.isgenerator(answer):
        answer = explain.finished(answer)
    assert same(answer, function_here(function, key, args))


def function_here(function: Callable[..., Any], key: str, args: tuple[Any, ...]) -> Any:
    """The record where it was made."""
    answer = Question(function, key, True, args, {}).answer()
    if inspect.isgenerator(answer):
        return explain.finished(answer)
    return answer


def same(one: Any, other: Any) -> bool:
    """Whether two records hold the same, seconds excepted."""
    if isinstance(one, np.ndarray):
        return bool(np.allclose(one, other, equal_nan=True, atol=1e-3))
    if isinstance(one, float):
        return True if np.isnan(one) and np.isnan(other) else bool(np.isclose(one, other, atol=0.2))
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if hasattr(one, "__dataclass_fields__"):
        return type(one) is type(other) and all(
            same(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__
        )
    return bool(one == other)
