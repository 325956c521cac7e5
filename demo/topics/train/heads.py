"""A network whose classifier is replaced by one for other classes, auxiliary ones as well."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demo.records import Problem
from demo.topics.train.records import Head, Replaced
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

AUXILIARY = 0.4
"""Share of the auxiliary classifier's loss (Szegedy et al., 2016, as torchvision trains it)."""


NAMED = 3
"""Classes that are named in a network's title."""


def paths(spec: ModelSpec) -> tuple[str, ...]:
    """The layers that give a score for each class: the classifier, then the auxiliary one."""
    return tuple(filter(None, (spec.classifier, spec.auxiliary)))


def replaced(spec: ModelSpec, network: nn.Module, classes: int) -> tuple[Replaced, ...]:
    """Put a new linear layer of that many classes in the place of each; the network is changed.

    The new layers are 0: every class is as probable as any other until they are trained.
    """
    rows = []
    for path in paths(spec):
        old = network.get_submodule(path)
        assert isinstance(old, nn.Linear)
        new = nn.Linear(old.in_features, classes, device=old.weight.device)
        nn.init.zeros_(new.weight)
        nn.init.zeros_(new.bias)
        above, _, name = path.rpartition(".")
        setattr(network.get_submodule(above), name, new)
        features = old.in_features
        rows.append(Replaced(path, (old.out_features, features), (classes, features)))
    return tuple(rows)


def planned(spec: ModelSpec, classes: int) -> tuple[Replaced, ...]:
    """What `replaced` would do, without any weights."""
    with torch.device("meta"):
        return replaced(spec, spec.build(), classes)


def with_head(
    loaded: LoadedModel, classes: Sequence[str], head: Head | None, key: str
) -> LoadedModel:
    """A network of its own with a new head; the one that is given stays as it is.

    key: under which its runs are kept.
    """
    # Whoever holds the lock may have put hooks on it.
    with loaded.lock:
        network = copy.deepcopy(loaded.network)
    replaced(loaded.spec, network, len(classes))
    if head is not None:
        put(loaded.spec, network, head)
    spec = own_spec(loaded.spec, classes, key)
    return LoadedModel(spec, network.eval().requires_grad_(False), "trained", loaded.device)


def own_spec(spec: ModelSpec, classes: Sequence[str], key: str) -> ModelSpec:
    """What is known of a network once it has these classes instead of its own."""
    fewer = (len(spec.labels) - len(classes)) * (features_read(spec) + 1)
    return replace(
        spec,
        key=key,
        title=f"{spec.title} → {_few(classes)}",
        dataset="own",
        labels=tuple(classes),
        parameters=spec.parameters - fewer,
        macs=spec.macs - (len(spec.labels) - len(classes)) * features_read(spec),
        temperature=1.0,
    )


def _few(classes: Sequence[str]) -> str:
    """Some names, as many as a title has room for."""
    return " / ".join(classes[:NAMED]) + (" …" if len(classes) > NAMED else "")


@cache
def features_read(spec: ModelSpec) -> int:
    """Numbers that the classifier reads."""
    with torch.device("meta"):
        layer = spec.build().get_submodule(spec.classifier)
    assert isinstance(layer, nn.Linear)
    return layer.in_features


def put(spec: ModelSpec, network: nn.Module, head: Head) -> None:
    """Give the network's classifier these weights."""
    layer = network.get_submodule(spec.classifier)
    assert isinstance(layer, nn.Linear)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(head.weight))
        layer.bias.copy_(torch.from_numpy(head.bias))


def loss(output: Tensor | tuple[Tensor, Tensor], target: Tensor) -> Tensor:
    """Mean cross-entropy; of a network with an auxiliary classifier, AUXILIARY of its own on top.

    output: logits (N, classes), or those of both classifiers.
    """
    if isinstance(output, Tensor):
        return F.cross_entropy(output, target)
    main, auxiliary = output
    return F.cross_entropy(main, target) + AUXILIARY * F.cross_entropy(auxiliary, target)


def must_train(spec: ModelSpec) -> None:
    """Refuse a network whose spec names no classifier.

    Raises:
        Problem: "train.problem.no_classifier".
    """
    if not spec.classifier:
        raise Problem("train.problem.no_classifier", model=spec.title)


def as_head(weight: Tensor, bias: Tensor) -> Head:
    """Tensors as a record."""
    return Head(
        weight.detach().cpu().numpy().astype(np.float32),
        bias.detach().cpu().numpy().astype(np.float32),
    )


def as_tensors(head: Head) -> dict[str, Tensor]:
    """A record as tensors: "weight" and "bias"."""
    return {"weight": torch.from_numpy(head.weight), "bias": torch.from_numpy(head.bias)}
