"""Addition and concatenation, dense connection, growth rate, transition."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

from demo.records.condition import Condition
from demo.topics.dense.numbers.growth import PRESETS, growth
from demo.topics.dense.records import DensePlan, FeatureFlow, Growth
from demo.topics.lesson.questions.asking import (
    Question,
    choice,
    doing,
    free,
    match,
    number,
    order,
)
from demo.topics.lesson.records import Asked, Exercise
from demo.zoo.catalogue import spec

RATES = (12, 16, 24, 32, 48)
STARTS = (32, 48, 64, 96)


def block(
    layers: int, k: int, initial: int, theta: float = 0.5, squeeze: bool = False
) -> DensePlan:
    """One dense block by itself, with a transition behind it if `squeeze`."""
    return DensePlan((layers,), k, initial, theta, size=56, stem="none", classes=0, squeeze=squeeze)


@cache
def whole(name: str, theta: float = 0.5) -> Growth:
    """A network of `PRESETS` worked out, with that compression."""
    return growth(replace(PRESETS[name], theta=theta))


def three_views(_: Random) -> Asked:
    """The lecture's exercise 1."""
    return free(
        ("connection", "flow", "parameters"),
        resnet=spec("resnet50").parameters,
        dense=spec("densenet121").parameters,
        share=100 * spec("densenet121").parameters / spec("resnet50").parameters,
    )


def replaced(chance: Random) -> Asked:
    """A residual block whose + becomes a concatenation."""
    channels = chance.choice((32, 64, 128, 256))
    return choice("double", ("same", "mixed", "fails"), c=channels, double=2 * channels)


def terms(chance: Random) -> Asked:
    """What of x can be read off the output."""
    x, f = chance.randint(2, 9), chance.randint(-9, -2)
    return match({"add": "sum", "join": "both", "relu": "cut"}, x=x, f=f, sum=x + f)


def reads(chance: Random) -> Asked:
    """Channels that one layer of a block reads."""
    layer, k, initial = chance.randint(3, 12), chance.choice(RATES), chance.choice(STARTS)
    made = growth(block(layer, k, initial)).layers[-1]
    slips = {
        "own": made.out_channels,
        "previous": k,
        "summed": initial,
        "no_input": made.in_channels - initial,
    }
    return number(
        made.in_channels, "channels", slips, layer=layer, k=k, c=initial, before=layer - 1
    )


def links(chance: Random) -> Asked:
    """Links in a block of so many layers."""
    layers = chance.randint(4, 24)
    slips = {"chain": layers, "square": layers**2, "no_input": layers * (layers - 1) // 2}
    return number(FeatureFlow(layers, layers, 64, 32).links, "links", slips, layers=layers)


def silenced(chance: Random) -> Asked:
    """Who notices that a layer puts out nothing."""
    layers = chance.randint(6, 16)
    layer = chance.randint(2, layers - 2)
    return choice(
        "later",
        ("next", "none", "earlier"),
        layer=layer,
        layers=layers,
        first=layer + 1,
        count=layers - layer,
    )


def _ends(layers: int, k: int, initial: int) -> int:
    return growth(block(layers, k, initial)).final_channels


def _grown(layers: int, k: int, initial: int) -> Asked:
    found = growth(block(layers, k, initial))
    slips = {
        "once": initial + k,
        "no_start": layers * k,
        "summed": initial,
        "early": found.layers[-1].in_channels,
    }
    return number(found.final_channels, "channels", slips, layers=layers, k=k, c=initial)


def grown(chance: Random) -> Asked:
    """Channels that a block puts out."""
    return _grown(chance.randint(3, 16), chance.choice(RATES), chance.choice(STARTS))


def widest(chance: Random) -> Asked:
    """The largest growth rate within a limit."""
    layers, k, initial = chance.randint(4, 12), chance.randint(8, 40), chance.choice(STARTS)
    limit = initial + layers * k + chance.randint(0, layers - 1)
    best = max(rate for rate in range(k, k + 3) if _ends(layers, rate, initial) <= limit)
    slips = {"no_start": limit // layers, "over": best + 1, "one_layer": limit - initial}
    ends = _ends(layers, best, initial)
    return number(
        best,
        "channels",
        slips,
        layers=layers,
        c=initial,
        limit=limit,
        rest=limit - initial,
        ends=ends,
        above=ends + layers,
    )


def why_small(chance: Random) -> Asked:
    """Why a layer may add so little."""
    layers, k = chance.randint(8, 24), chance.choice((12, 16, 24, 32))
    last = growth(block(layers, k, 64)).layers[-1]
    return choice(
        "shared", ("filters", "transition", "cheap"), layers=layers, k=k, read=last.in_channels
    )


def reach(chance: Random) -> Asked:
    """A block of a given end in the growing diagram."""
    k, layers = chance.choice((16, 24, 48)), chance.randint(4, 10)
    start = PRESETS["lecture"]
    target = growth(replace(start, blocks=(layers,), k=k)).layers[-1].out_channels
    conditions = (
        Condition(".dense-growth", "data-channels", "==", target),
        # The block's input, its layers, the transition.
        Condition(".dense-growth", "data-steps", "==", layers + 2),
        Condition(".dense-growth", "data-step", "==", layers),
    )
    state = {"plan": "lecture"}
    values = {"k": k, "target": target, "layers": layers, "c": start.initial}
    return doing("densenet", "growth", state, conditions, **values, rest=target - start.initial)


def _squeezed(layers: int, k: int, initial: int, theta: float) -> Asked:
    passed = growth(block(layers, k, initial, theta, squeeze=True)).transitions[0]
    full = passed.in_channels
    slips = {
        "no_theta": full,
        "pooled": passed.out_channels // 2,
        "start_only": int(theta * initial) + layers * k,
        "removed": full - passed.out_channels,
    }
    return number(
        passed.out_channels,
        "channels",
        slips,
        layers=layers,
        k=k,
        c=initial,
        theta=theta,
        full=full,
    )


def squeezed(chance: Random) -> Asked:
    """Channels after the transition."""
    theta = chance.choice((0.25, 0.5, 0.75))
    return _squeezed(4 * chance.randint(1, 4), chance.choice(RATES), chance.choice(STARTS), theta)


RATIOS = ((1.0, "fewer"), (1.5, "little"), (2.5, "more"))
"""Below which ratio which option is right; "many" above all."""


def uncompressed(chance: Random) -> Asked:
    """What a DenseNet weighs whose transitions keep another share."""
    name = chance.choice(("densenet121", "densenet169", "densenet201", "densenet161"))
    theta = chance.choice((0.25, 0.75, 1.0))
    half, changed = whole(name).parameters, whole(name, theta).parameters
    ratio = changed / half
    right = next((option for below, option in RATIOS if ratio < below), "many")
    return choice(
        right,
        ("fewer", "little", "more", "many"),
        {"half": half, "changed": changed},
        title=spec(name).title,
        theta=theta,
        half=half,
        changed=changed,
        ratio=ratio,
    )


def inside(chance: Random) -> Asked:
    """What a transition does, in its order."""
    channels, side = chance.choice((128, 256, 512)), chance.choice((56, 28, 14))
    return order(
        ("norm", "relu", "conv", "pool"), c=channels, half=channels // 2, s=side, out=side // 2
    )


QUESTIONS = (
    Question(Exercise("three_views", "addition", "free", lecture=True), three_views),
    Question(Exercise("replaced", "addition", "choice"), replaced),
    Question(Exercise("terms", "addition", "match"), terms),
    Question(Exercise("reads", "dense", "number"), reads),
    Question(Exercise("links", "dense", "number"), links),
    Question(Exercise("silenced", "dense", "choice"), silenced),
    Question(Exercise("grown", "growth", "number", lecture=True), grown, lambda: _grown(6, 32, 64)),
    Question(Exercise("widest", "growth", "number"), widest),
    Question(Exercise("why_small", "growth", "choice"), why_small),
    Question(Exercise("reach", "growth", "doing"), reach),
    Question(
        Exercise("squeezed", "transition", "number", lecture=True),
        squeezed,
        lambda: _squeezed(6, 32, 64, 0.5),
    ),
    Question(Exercise("uncompressed", "transition", "predict"), uncompressed),
    Question(Exercise("inside", "transition", "order"), inside),
)
