"""Inception's idea, the 1x1's three roles, the module, Inception v3 at 299."""

from __future__ import annotations

from dataclasses import astuple
from random import Random

from demo.records import Notice
from demo.records.condition import Condition
from demo.topics.lesson.questions.asking import Question, choice, doing, match, number
from demo.topics.lesson.questions.switching import SWITCHED
from demo.topics.lesson.records import Asked, Exercise
from demo.topics.reduction.numbers import MODULES, break_even, module, reduction
from demo.topics.reduction.records import PlannedModule

SIDE = 28
TRAINED = 299
"""Side in pixels of the photos that Inception v3 was trained with."""
V3_SHRINKS = ((3, 2, 0), (3, 1, 0), (3, 1, 1), (3, 2, 0), (1, 1, 0), (3, 1, 0), *3 * ((3, 2, 0),))
"""Kernel, stride and padding of all in Inception v3 that changes the size of its maps."""


def v3_places(side: int) -> int:
    """How many places across Inception v3's last map has, of a photo of that side."""
    for kernel, stride, padding in V3_SHRINKS:
        side = (side + 2 * padding - kernel) // stride + 1
    return side


def only_large(chance: Random) -> Asked:
    """Why not the largest filter alone, since it holds the smaller ones."""
    read, out = chance.choice((64, 128, 192)), chance.choice((32, 64, 96))
    small, middle, large = (reduction(read, 1, kernel, out, SIDE).direct for kernel in (1, 3, 5))
    return choice(
        "dear",
        ("cannot", "shrinks", "equal"),
        {"one": small, "three": middle, "five": large},
        c=read,
        out=out,
        small=small,
        middle=middle,
        large=large,
    )


def detour(chance: Random) -> Asked:
    """Weights of a convolution behind a 1x1."""
    kernel, read = chance.choice((3, 5)), chance.choice((128, 192, 256, 480))
    reduced, out = chance.choice((16, 24, 32)), chance.choice((32, 48, 64, 96))
    found = reduction(read, reduced, kernel, out, SIDE)
    slips = {
        "direct": found.direct,
        "no_squeeze": found.after,
        "no_kernel": found.squeeze + reduced * out,
        "twice": kernel**2 * found.squeeze + found.after,
        "unreduced": found.squeeze + found.direct,
    }
    return number(
        found.through,
        "weights",
        slips,
        c=read,
        r=reduced,
        kernel=kernel,
        area=kernel**2,
        out=out,
        squeeze=found.squeeze,
        after=found.after,
        direct=found.direct,
        ratio=found.ratio,
    )


def roles(chance: Random) -> Asked:
    """Which 1x1 convolution plays which role."""
    read = chance.choice((192, 256, 480))
    given = {"fewer": "dimension", "bent": "nonlinear", "mixed": "cross"}
    return match(given, c=read, less=read // 4)


def pays(chance: Random) -> Asked:
    """Whether a 1x1 before a filter saves anything."""
    while True:
        kernel, read = chance.choice((1, 3, 3, 5)), chance.choice((64, 128, 192, 256))
        reduced, out = chance.choice((16, 32, 64, 128, 192)), chance.choice((16, 32, 64, 128))
        found = reduction(read, reduced, kernel, out, SIDE)
        if min(abs(found.ratio - 1), abs(found.ratio - 2)) > 0.05:
            break
    right = "much" if found.ratio > 2 else "little" if found.saves else "costs"
    return choice(
        right,
        ("much", "little", "costs"),
        {"direct": found.direct, "through": found.through},
        c=read,
        r=reduced,
        kernel=kernel,
        out=out,
        direct=found.direct,
        through=found.through,
        most=break_even(found),
    )


def at_most(chance: Random) -> Asked:
    """The most channels with which the detour still saves, in the calculator."""
    read, out = 8 * chance.randint(12, 40), 8 * chance.randint(3, 12)
    kernel = chance.choice((3, 5))
    most = break_even(reduction(read, 1, kernel, out, SIDE))
    best = reduction(read, most, kernel, out, SIDE)
    worse = reduction(read, most + 1, kernel, out, SIDE)
    state = {
        "reduction_in": read,
        "reduction_r": 8,
        "reduction_kernel": kernel,
        "reduction_out": out,
    }
    conditions = (
        Condition(".calculator", "data-direct", "==", best.direct),
        Condition(".calculator", "data-through", "==", best.through),
    )
    return doing(
        "reduction",
        "calculator",
        state,
        conditions,
        c=read,
        out=out,
        kernel=kernel,
        area=kernel**2,
        most=most,
        direct=best.direct,
        through=best.through,
        worse=worse.through,
        each=best.through // most,
    )


def _planned(chance: Random) -> PlannedModule:
    """A module of round numbers, each of its branches a likely one."""
    pick = chance.choice
    return module(
        pick((128, 192, 256, 480)),
        pick((32, 64, 128, 192)),
        pick((32, 64, 96)),
        pick((64, 128, 192)),
        pick((16, 32, 48)),
        pick((32, 64, 96)),
        pick((16, 32, 64)),
        SIDE,
    )


def _numbers(plan: PlannedModule) -> dict[str, object]:
    """Of its six numbers, and of its branches, for the words."""
    one, three, five, pool = plan.branches
    return {
        "c": plan.in_channels,
        "one": plan.ch1x1,
        "r3": plan.ch3x3_reduce,
        "three": plan.ch3x3,
        "r5": plan.ch5x5_reduce,
        "five": plan.ch5x5,
        "pool": plan.pool_proj,
        "w1": one.weights,
        "w3": three.weights,
        "w5": five.weights,
        "wp": pool.weights,
        "unreduced": plan.unreduced,
    }


def _module_out(plan: PlannedModule) -> Asked:
    out = plan.out_channels
    slips = {
        "reductions": out + plan.ch3x3_reduce + plan.ch5x5_reduce,
        "unprojected": out - plan.pool_proj + plan.in_channels,
        "no_pool": out - plan.pool_proj,
        "summed": max(branch.channels for branch in plan.branches),
        "with_input": out + plan.in_channels,
    }
    return number(out, "channels", slips, **_numbers(plan))


def module_out(chance: Random) -> Asked:
    """Channels of a module."""
    return _module_out(_planned(chance))


def _module_weights(plan: PlannedModule) -> Asked:
    five = plan.branches[2]
    slips = {
        "unreduced": plan.unreduced,
        "no_reductions": sum(branch.steps[-1].weights for branch in plan.branches),
        "biases": plan.weights + plan.filters,
        "as_torchvision": plan.weights - (25 - 9) * five.steps[0].channels * five.channels,
        "no_pool": plan.weights - plan.branches[3].weights,
    }
    return number(plan.weights, "weights", slips, **_numbers(plan), filters=plan.filters)


def module_weights(chance: Random) -> Asked:
    """Weights of a module."""
    return _module_weights(_planned(chance))


BRANCHES = ("one", "three", "five", "pool")


def heaviest(chance: Random) -> Asked:
    """The branch with most weights."""
    plan = _planned(chance)
    counted = dict(zip(BRANCHES, (branch.weights for branch in plan.branches), strict=True))
    while len(set(counted.values())) < len(BRANCHES):
        plan = _planned(chance)
        counted = dict(zip(BRANCHES, (branch.weights for branch in plan.branches), strict=True))
    right = max(BRANCHES, key=counted.__getitem__)
    share = 100 * counted[right] / plan.weights
    return choice(right, BRANCHES, counted, **_numbers(plan), share=share)


def leanest(chance: Random) -> Asked:
    """A module with as many channels and fewer weights, in the builder."""
    start = MODULES["3a"]
    limit = 10_000 * chance.randint(8, 14)
    state = dict(zip((f"module_{name}" for name in _FIELDS), astuple(start), strict=True))
    conditions = (
        Condition("#in-builder [data-weights]", "data-weights", "<=", limit),
        Condition("#in-builder [data-weights]", "data-out", "==", start.out_channels),
        Condition("#in-builder [data-weights]", "data-in", "==", start.in_channels),
    )
    values = {"limit": limit, "start": start.weights, "truth": start.out_channels}
    return doing("reduction", "builder", state, conditions, **values, **_numbers(start))


_FIELDS = tuple(PlannedModule.__dataclass_fields__)


def small_input(chance: Random) -> Asked:
    """A photo of another size given to Inception v3."""
    side = chance.choice((160, 192, 224, 256))
    return choice(
        "runs",
        ("fails", "equal", "enlarged"),
        side=side,
        full=TRAINED,
        places=v3_places(side),
        usual=v3_places(TRAINED),
    )


FACTORS = (
    ("stack", 2, 3, 5),
    ("stack", 3, 3, 7),
    ("pair", 2, 3, 3),
    ("pair", 2, 7, 7),
    ("pair", 2, 5, 5),
)
"""How, how many convolutions of which length, and what they replace."""


def factored(chance: Random) -> Asked:
    """A large filter out of small ones."""
    how, count, size, whole = chance.choice(FACTORS)
    each = size**2 if how == "stack" else size
    share = 100 * count * each / whole**2
    slips = {"saved": 100 - share, "one": share / count, "inverse": 100 * 100 / share}
    return number(
        share,
        "percent",
        slips,
        tolerance=0.02,
        how=Notice(f"exercise.factored.how.{how}", count=count, size=size),
        whole=whole,
        area=whole**2,
        count=count,
        each=each,
        all=count * each,
    )


def side_exit(chance: Random) -> Asked:
    """Why the auxiliary classifier can be left out in use."""
    return choice("unread", ("average", "frozen", "zero"), n=chance.randint(2, 9))


QUESTIONS = (
    Question(Exercise("only_large", "idea", "choice"), only_large),
    SWITCHED,
    Question(Exercise("detour", "pointwise", "number"), detour),
    Question(Exercise("roles", "pointwise", "match"), roles),
    Question(Exercise("pays", "pointwise", "predict"), pays),
    Question(Exercise("at_most", "pointwise", "doing"), at_most),
    Question(
        Exercise("module_out", "module", "number", lecture=True),
        module_out,
        lambda: _module_out(MODULES["3a"]),
    ),
    Question(
        Exercise("module_weights", "module", "number", lecture=True),
        module_weights,
        lambda: _module_weights(MODULES["3a"]),
    ),
    Question(Exercise("heaviest", "module", "predict"), heaviest),
    Question(Exercise("leanest", "module", "doing"), leanest),
    Question(Exercise("small_input", "v3", "choice"), small_input),
    Question(Exercise("factored", "v3", "number"), factored),
    Question(Exercise("side_exit", "v3", "choice"), side_exit),
)
