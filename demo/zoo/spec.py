"""ModelSpec: everything that is known about a network before it is loaded. Data, no behaviour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor, nn

from demo.records import Family, Problem

Capability = Literal["predict", "gradcam", "branches", "growth", "paths", "stages"]
"""What a model can show: Inception branches, dense growth, ResNeXt paths, residual stages."""

Tensors = dict[str, Tensor]
"""A state dict: name -> tensor."""


def as_stored(tensors: Tensors, network: nn.Module) -> Tensors:
    """The file's names are the module's."""
    return tensors


@dataclass(frozen=True)
class Layer:
    """A layer worth looking at.

    name: what the API and the text files call it, e.g. "stage3".
    path: the module whose output is captured, e.g. "stages.stage3".
    channels, size: shape of that output for the spec's own input, C x size x size.
    relu: whether the output comes after a ReLU.
    """

    name: str
    path: str
    channels: int
    size: int
    relu: bool = True


@dataclass(frozen=True)
class Preprocess:
    """How a photo becomes the network's input.

    The shorter side is resized to `resize`, then a `crop` x `crop` centre is cut out; then values
    in [0, 1] have `mean` subtracted and are divided by `std`. interpolation: "bilinear" or
    "bicubic", always antialiased.
    """

    resize: int
    crop: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: Literal["bilinear", "bicubic"] = "bilinear"


@dataclass(frozen=True)
class HubCopy:
    """The same tensors on the Hugging Face hub, as `model.safetensors`.

    repo: "owner/name". revision: branch or commit. sha256: digest of the file there; "" where it
    is not known here and the hub must say it.
    """

    repo: str
    revision: str = "main"
    sha256: str = ""


@dataclass(frozen=True)
class Weights:
    """Where the weights are.

    kind: "bundled" (file name in assets/weights), "package" (inside an installed package) or
    "download" (URL). location: that file name, package path or URL. sha256: digest of the file, or
    its leading digits as torchvision puts them in the file name.
    size: bytes of the file. recipe: "bundled", "v1" or "v2" (torchvision's training recipes).
    top1: published or, for the bundled CIFAR-10 networks, measured accuracy in percent. hub: a
    second place to download them from.
    """

    kind: Literal["bundled", "package", "download"]
    location: str
    recipe: Literal["bundled", "v1", "v2"] = "v1"
    sha256: str = ""
    size: int = 0
    top1: float | None = None
    hub: HubCopy | None = None


@dataclass(frozen=True, eq=False)
class ModelSpec:
    """One network of the catalogue; equal to itself alone, so that it can be a key.

    dataset: whose classes it knows, "own" for those of somebody who trained it here.
    architecture: what specs share that differ in their weights alone, the key of the first of them.
    parameters counts what the classifier uses at inference and training alike, as the published
    figure does; macs are multiply-adds of one forward pass at input_size. labels: English
    class names in output order. blocks: names of its Inception, dense or residual blocks and the
    module path of each, in order of depth. build: makes the network with random weights. adapt:
    gives the file's tensors the module's names, where they differ. temperature: what the logits are
    divided by before softmax. classifier: path of its last linear layer, whose outputs are the
    logits. pooled: whether that layer is given the mean over all places of what the default layer
    puts out, and nothing else. auxiliary: path of the classifier that helps in training alone, ""
    for none. outside: the expression by which torchvision or timm alone build it for {classes}
    classes, "" where neither has it. last_block: path of its last block, where `blocks` names none.
    """

    key: str
    architecture: str
    title: str
    family: Family
    dataset: Literal["cifar10", "imagenet", "own"]
    labels: tuple[str, ...]
    build: Callable[[], nn.Module]
    weights: Weights
    preprocess: Preprocess
    layers: tuple[Layer, ...]
    parameters: int
    macs: int
    default_layer: str
    capabilities: tuple[Capability, ...]
    blocks: Mapping[str, str] = field(default_factory=dict)
    temperature: float = 1.0
    classifier: str = ""
    pooled: bool = False
    adapt: Callable[[Tensors, nn.Module], Tensors] = as_stored
    auxiliary: str = ""
    outside: str = ""
    last_block: str = ""

    @property
    def input_size(self) -> int:
        """Side of the input in pixels."""
        return self.preprocess.crop

    @property
    def full_size(self) -> bool:
        """Whether it is one of those that are downloaded: large enough for a GPU to pay."""
        return self.weights.kind == "download"

    def probabilities(self, logits: Tensor) -> Tensor:
        """Softmax of logits / temperature over the last dimension, (..., classes).

        Temperature scaling: Guo et al., "On Calibration of Modern Neural Networks" (2017), eq. 9.

        Raises:
            Problem: "problem.not_finite" if a logit is infinite or not a number.
        """
        if not torch.isfinite(logits).all():
            raise Problem("problem.not_finite", model=self.title)
        return torch.softmax(logits.float() / self.temperature, dim=-1)

    def must_show(self, capability: Capability) -> None:
        """The one place that refuses what a network cannot show.

        Raises:
            Problem: "lacks.CAPABILITY" if this one cannot.
        """
        if capability not in self.capabilities:
            raise Problem(f"lacks.{capability}", model=self.title)

    @property
    def top1(self) -> float | None:
        """Accuracy of its weights, percent."""
        return self.weights.top1

    def layer(self, name: str) -> Layer:
        """The layer of that name, the default one for "".

        Raises:
            KeyError: if the model has no such layer.
        """
        wanted = name or self.default_layer
        for layer in self.layers:
            if layer.name == wanted:
                return layer
        raise KeyError(wanted)
