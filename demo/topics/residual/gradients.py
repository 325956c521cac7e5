"""Do gradients reach every block? Measured on copies of a network, with and without its links.

The claim is He et al. (2016), "Identity Mappings in Deep Residual Networks", section 2, for
shortcuts, and Huang et al. (2017), section 3, for dense links. Everything runs on copies: the
shared network is neither trained nor changed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from demo.blocks.dense import DenseBlock
from demo.engine.runs import once, run
from demo.records import Photo, Problem
from demo.topics.residual.addition import branch
from demo.topics.residual.records import Flow, Gradients
from demo.zoo.bundled import BUNDLED
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

MODELS = tuple(one for one in BUNDLED if {"stages", "growth"} & {*one.capabilities})
"""Networks that are small enough to be copied and gone through backwards for everybody."""
SEED = 0
"""Of the random start."""


class MeasuredBlock(nn.Module):
    """A residual block that keeps what it puts out; without its shortcut, relu(F(x)) alone."""

    def __init__(self, block: nn.Module, linked: bool, kept: list[Tensor]) -> None:
        super().__init__()
        self.block, self.linked, self.kept = block, linked, kept

    def forward(self, x: Tensor) -> Tensor:
        """(N, in, h, w) -> (N, out, h', w'), as the block itself."""
        out = self.block(x) if self.linked else torch.relu(branch(self.block, x))
        self.kept.append(out)
        return out


class MeasuredDense(nn.Module):
    """A dense block that keeps what each layer adds.

    Without its links each layer reads the newest features alone, and so does what follows the
    block: what is older is zero.
    """

    def __init__(self, block: DenseBlock, linked: bool, kept: list[Tensor]) -> None:
        super().__init__()
        self.block, self.linked, self.kept = block, linked, kept

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, h, w) -> (N, C + layers * k, h, w) in any case."""
        newest = x.shape[1]
        for layer in self.block:
            new = layer.new_features(self._read(x, newest))
            self.kept.append(new)
            x = torch.cat([x, new], dim=1)
            newest = new.shape[1]
        return self._read(x, newest)

    def _read(self, x: Tensor, newest: int) -> Tensor:
        if self.linked:
            return x
        older = x.shape[1] - newest
        return torch.cat([torch.zeros_like(x[:, :older]), x[:, older:]], dim=1)


def gradients(loaded: LoadedModel, photo: Photo, live: bool) -> Gradients:
    """Measure all four: trained and random weights, with and without shortcuts or links; kept.

    The loss is the cross-entropy of the class that the network itself names.

    Args:
        live: BatchNorm normalises by the photo's own values, as in a step of training.

    Raises:
        Problem: "residual.problem.no_gradients" for a network that is not one of `MODELS`.
    """
    spec = loaded.spec
    if spec not in MODELS:
        raise Problem("residual.problem.no_gradients", model=spec.title)

    def compute() -> Gradients:
        index = run(loaded, photo).scores.top
        x = loaded.prepare(photo)[0].double()

        def trained() -> nn.Module:
            # Nobody else's hooks are to be copied.
            with loaded.lock:
                return copy.deepcopy(loaded.network)

        def both(network: Callable[[], nn.Module]) -> tuple[Flow, Flow]:
            whole, without = (
                flow(spec, network(), x, index, linked, live) for linked in (True, False)
            )
            return whole, without

        dense = "growth" in spec.capabilities
        return Gradients(places(spec), dense, live, both(trained), both(lambda: started(spec)))

    return once(loaded, photo, ("gradients", live), compute)


def started(spec: ModelSpec) -> nn.Module:
    """The network with the random weights that PyTorch starts training from, the same each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return spec.build()


def flow(
    spec: ModelSpec, network: nn.Module, x: Tensor, index: int, linked: bool, live: bool
) -> Flow:
    """The gradient of class `index`'s loss at each place of this network, which is changed by it.

    x: (1, 3, S, S), of 64 bits, since what is lost is small.
    """
    kept: list[Tensor] = []
    for path in spec.blocks.values():
        parent, _, name = path.rpartition(".")
        block = network.get_submodule(path)
        kind = MeasuredDense if isinstance(block, DenseBlock) else MeasuredBlock
        setattr(network.get_submodule(parent), name, kind(block, linked, kept))
    network.double().train(live).requires_grad_(False)
    logits = network(x.detach().requires_grad_())
    loss = nn.functional.cross_entropy(logits, torch.tensor([index]))
    found = torch.autograd.grad(loss, kept)
    return Flow(tuple(float(gradient.norm()) for gradient in found))


def places(spec: ModelSpec) -> tuple[str, ...]:
    """The names of a network's residual blocks, or of the layers of its dense blocks, in order."""
    if "growth" not in spec.capabilities:
        return tuple(spec.blocks)
    with torch.device("meta"):
        network = spec.build()
    return tuple(
        f"{name}.{layer}"
        for name, path in spec.blocks.items()
        for layer in range(1, len(network.get_submodule(path)) + 1)
    )
