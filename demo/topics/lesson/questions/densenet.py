"""DenseNet-121 as a whole, its implementation, a new classifier."""

from __future__ import annotations

from random import Random

from demo.topics.dense.numbers.growth import PRESETS, dense_layer, steps
from demo.topics.lesson.questions.asking import Question, choice, number, order
from demo.topics.lesson.questions.growing import RATES, STARTS, block, whole
from demo.topics.lesson.records import Asked, Exercise
from demo.zoo.catalogue import spec

WHOLE = ("densenet121", "densenet169", "densenet201", "densenet161")
CONVOLUTIONS = {"stem": 1, "layer": 2, "transition": 1, "classifier": 1}
"""Layers with weights in each step of the growing diagram, as the paper's names count them."""
FEATURES = {
    "densenet121": whole("densenet121").final_channels,
    "resnet50": 2048,
    "resnext50_32x4d": 2048,
}
"""What the last linear layer reads; the test takes it from the live modules."""
CLASSES = 1000


def after_block(chance: Random) -> Asked:
    """Channels after a block of a whole network."""
    name, number_of = chance.choice(WHOLE), chance.randint(2, 4)
    plan = PRESETS[name]

    def out(changed: float) -> int:
        layers = whole(name, changed).layers
        return [layer for layer in layers if layer.block == number_of][-1].out_channels

    found = whole(name)
    first = next(layer for layer in found.layers if layer.block == number_of)
    slips = {
        "no_theta": out(1.0),
        "no_input": plan.blocks[number_of - 1] * plan.k,
        "no_stem": out(plan.theta) - first.in_channels + plan.initial,
        "squeezed": out(plan.theta) // 2,
    }
    return number(
        out(plan.theta),
        "channels",
        slips,
        title=spec(name).title,
        blocks=", ".join(map(str, plan.blocks)),
        k=plan.k,
        c=plan.initial,
        block=number_of,
        layers=plan.blocks[number_of - 1],
        read=first.in_channels,
        before=2 * first.in_channels,
    )


def depth(chance: Random) -> Asked:
    """Why the network is called by its number."""
    name = chance.choice(WHOLE)
    plan, walk = PRESETS[name], steps(whole(name))
    count = sum(CONVOLUTIONS[step.kind] for step in walk)
    layers, between = sum(plan.blocks), len(plan.blocks) - 1
    slips = {
        "one_each": count - layers,
        "no_transitions": count - between,
        "no_ends": count - 2,
        "blocks_only": 2 * layers,
        "no_classifier": count - 1,
    }
    return number(
        count,
        "layers",
        slips,
        blocks=", ".join(map(str, plan.blocks)),
        layers=layers,
        twice=2 * layers,
        between=between,
    )


def sizes(chance: Random) -> Asked:
    """Networks in the order of their parameters."""
    names = chance.sample(WHOLE, chance.choice((3, 4)))
    counted = {name: whole(name).parameters for name in names}
    return order(sorted(names, key=counted.__getitem__), counted)


def wrong_dim(chance: Random) -> Asked:
    """Concatenation along the wrong dimension."""
    k, initial = chance.choice((12, 16, 24)), chance.choice(STARTS)
    batch, side = chance.choice((2, 4, 8)), chance.choice((28, 56))
    return choice(
        "fails",
        ("batch", "same", "wide"),
        n=batch,
        c=initial,
        k=k,
        s=side,
        both=initial + k,
        twice=2 * batch,
    )


def layer_weights(chance: Random) -> Asked:
    """Weights of a dense layer's convolutions."""
    k, initial = chance.choice(RATES), 32 * chance.randint(2, 16)
    made = dense_layer(block(1, k, initial), 1, 1, initial, 56)
    slips = {
        "plain": 9 * initial * k,
        "no_nine": made.weights_1x1 + made.weights_3x3 // 9,
        "norms": made.parameters,
        "wide": made.weights_1x1 + 9 * 4 * k * (initial + k),
        "squeeze_only": made.weights_1x1,
        "no_squeeze": made.weights_3x3,
    }
    return number(
        made.weights_1x1 + made.weights_3x3,
        "weights",
        slips,
        c=initial,
        k=k,
        width=4 * k,
        first=made.weights_1x1,
        second=made.weights_3x3,
        norms=made.norms,
    )


def no_bias(chance: Random) -> Asked:
    """Why the convolutions have no bias."""
    k = chance.choice(RATES)
    return choice("norm", ("relu", "memory", "joined"), k=k, width=4 * k)


def swapped(chance: Random) -> Asked:
    """Parameters of a network with a classifier of one's own."""
    key, classes = chance.choice(tuple(FEATURES)), chance.randint(2, 20)
    features, before = FEATURES[key], spec(key).parameters
    old, new = (features + 1) * CLASSES, (features + 1) * classes
    slips = {
        "kept": before,
        "both": before + new,
        "none": before - old,
        "no_bias": before - old + features * classes,
        "head_only": new,
    }
    return number(
        before - old + new,
        "parameters",
        slips,
        tolerance=0.005,
        title=spec(key).title,
        before=before,
        features=features,
        n=classes,
        old=old,
        new=new,
    )


def trained_share(chance: Random) -> Asked:
    """How much of a network learns when only its new classifier does."""
    classes = chance.choice((2, 5, 10, 37, 100, 200, 1000))
    features = FEATURES["densenet121"]
    body = spec("densenet121").parameters - (features + 1) * CLASSES
    head = (features + 1) * classes
    share = head / (body + head)
    right = "under1" if share < 0.01 else "under10" if share < 0.1 else "over10"
    return choice(
        right,
        ("under1", "under10", "over10"),
        {"body": body, "head": head},
        n=classes,
        features=features,
        head=head,
        body=body,
        share=100 * share,
    )


QUESTIONS = (
    Question(Exercise("after_block", "densenet121", "number"), after_block),
    Question(Exercise("depth", "densenet121", "number"), depth),
    Question(Exercise("sizes", "densenet121", "order"), sizes),
    Question(Exercise("wrong_dim", "code", "choice"), wrong_dim),
    Question(Exercise("layer_weights", "code", "number"), layer_weights),
    Question(Exercise("no_bias", "code", "choice"), no_bias),
    Question(Exercise("swapped", "pretrained", "number"), swapped),
    Question(Exercise("trained_share", "pretrained", "predict"), trained_share),
)
