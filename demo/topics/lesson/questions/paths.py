"""ResNeXt, cardinality, comparison and choice."""

from __future__ import annotations

from random import Random

from demo.records.families import EXPLAINED
from demo.topics.choice.numbers import PRESETS
from demo.topics.lesson.questions.asking import Question, choice, match, number
from demo.topics.lesson.records import Asked, Exercise
from demo.topics.residual.numbers import ERRORS, REFERENCE, setting
from demo.zoo.catalogue import spec

SCENARIOS = ("phone", "medical", "embedded", "competition")
PAIRS = (
    ("densenet121", "resnet50"),
    ("densenet201", "resnext101_32x8d"),
    ("efficientnet_b0", "resnet50"),
    ("mobilenet_v3_large", "densenet121"),
    ("resnext50_32x4d", "inception_v3"),
)
SIZED = ("resnet50", "densenet121", "inception_v3", "resnext50_32x4d")
RECIPES = (
    ("resnet50", "densenet121"),
    ("resnext50_32x4d", "densenet121"),
    ("resnet50", "inception_v3"),
    ("resnext50_32x4d", "densenet201"),
)
"""A network of which there are weights of both recipes, and one with the first alone."""
BYTES = 4
"""Of a weight: 32 bits."""
LIKE = 0.05
"""Within which share of the other's weights a block is called as heavy."""
SETTINGS = (
    *(pair for pair in ERRORS if pair != REFERENCE),
    (32, 8),
    (16, 4),
    (4, 40),
    (32, 2),
    (64, 4),
)


def families(chance: Random) -> Asked:
    """Which family joins what it computes in which way."""
    given = dict(zip(EXPLAINED, ("added", "joined", "different", "alike"), strict=True))
    return match(given, paths=chance.choice((8, 16, 32)))


def grouped(chance: Random) -> Asked:
    """Weights of a grouped 3x3 convolution."""
    paths, width = chance.choice((4, 8, 16, 32)), chance.choice((4, 6, 8, 14))
    found = setting(paths, width)
    inner = found.weights[1]
    slips = {
        "ungrouped": found.full,
        "one_path": inner // paths,
        "no_nine": inner // 9,
        "flat": 9 * found.group_width,
    }
    return number(
        inner,
        "weights",
        slips,
        paths=paths,
        d=width,
        width=found.group_width,
        one=inner // paths,
        full=found.full,
    )


def summed(chance: Random) -> Asked:
    """Why many paths can be computed as one convolution."""
    paths, width = chance.choice(((32, 4), (16, 8), (8, 16)))
    return choice(
        "linear", ("equal", "parallel", "relu"), paths=paths, d=width, width=paths * width
    )


def heavier(chance: Random) -> Asked:
    """A block of many paths beside ResNet-50's."""
    paths, width = chance.choice(SETTINGS)
    mine, other = setting(paths, width).parameters, setting(*REFERENCE).parameters
    change = mine / other - 1
    right = "same" if abs(change) <= LIKE else "more" if change > 0 else "fewer"
    return choice(
        right,
        ("fewer", "same", "more"),
        {"paths": mine, "reference": other},
        paths=paths,
        d=width,
        width=paths * width,
        mine=mine,
        other=other,
        change=100 * change,
    )


def halved(chance: Random) -> Asked:
    """Twice the paths in the same width."""
    paths, width = chance.choice(((2, 64), (4, 32), (8, 16), (16, 8)))
    before, after = setting(paths, width).weights[1], setting(2 * paths, width // 2).weights[1]
    right = {0.25: "quarter", 0.5: "half", 1.0: "same", 2.0: "double"}[after / before]
    return choice(
        right,
        ("half", "same", "double", "quarter"),
        {"before": before, "after": after},
        paths=paths,
        d=width,
        width=paths * width,
        twice=2 * paths,
        thin=width // 2,
        before=before,
        after=after,
    )


def scenarios(_: Random) -> Asked:
    """The lecture's exercise 4."""
    advised = {name: PRESETS[name].advice["four"][0] for name in SCENARIOS}
    dense, resnext = spec("densenet121"), spec("resnext50_32x4d")
    return match(
        advised,
        ("inception_v3",),
        dense=dense.parameters,
        resnet=spec("resnet50").parameters,
        dense_top1=dense.top1,
        resnext_top1=resnext.top1,
        resnet_top1=spec("resnet50").top1,
    )


def share(chance: Random) -> Asked:
    """One network's parameters as a share of another's."""
    small, large = (spec(key) for key in chance.choice(PAIRS))
    part = 100 * small.parameters / large.parameters
    slips = {"inverse": 100 * 100 / part, "saved": 100 - part}
    return number(
        part,
        "percent",
        slips,
        tolerance=0.02,
        small=small.title,
        large=large.title,
        fewer=small.parameters,
        more=large.parameters,
    )


def on_disk(chance: Random) -> Asked:
    """Megabytes of a network's weights."""
    one = spec(chance.choice(SIZED))
    truth = BYTES * one.parameters / 1e6
    slips = {"bits": 8 * truth, "byte": truth / BYTES, "half": truth / 2}
    return number(
        truth,
        "megabytes",
        slips,
        tolerance=0.02,
        title=one.title,
        parameters=one.parameters,
    )


def recipes(chance: Random) -> Asked:
    """What a comparison of two networks shows that were trained by different recipes."""
    better, plain = chance.choice(RECIPES)
    newer, older, other = spec(f"{better}_v2"), spec(better), spec(plain)
    return choice(
        "recipe",
        ("better", "overfit", "nothing"),
        {"newer": newer.top1 or 0, "older": older.top1 or 0, "other": other.top1 or 0},
        title=older.title,
        versus=other.title,
        newer=newer.top1,
        older=older.top1,
        other=other.top1,
        gap=(newer.top1 or 0) - (other.top1 or 0),
        fair=(older.top1 or 0) - (other.top1 or 0),
    )


QUESTIONS = (
    Question(Exercise("families", "resnext", "match"), families),
    Question(Exercise("grouped", "resnext", "number"), grouped),
    Question(Exercise("summed", "resnext", "choice"), summed),
    Question(Exercise("heavier", "cardinality", "predict"), heavier),
    Question(Exercise("halved", "cardinality", "choice"), halved),
    Question(Exercise("scenarios", "comparison", "match", lecture=True), scenarios),
    Question(Exercise("share", "comparison", "number"), share),
    Question(Exercise("on_disk", "comparison", "number"), on_disk),
    Question(Exercise("recipes", "comparison", "choice"), recipes),
)
