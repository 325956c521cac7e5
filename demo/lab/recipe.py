"""The one recipe that trains all four bundled networks.

Chosen on the held-out part of the training set with short runs of mini_resnet.
Sources: Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024) for the whitened first
layer, alternating flips and label smoothing; Jordan et al., "Muon" (2024) for the optimizer;
Howard, "Progressive resizing" (fast.ai, DAWNBench 2018) for the smaller early pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demo.lab.data import Pictures
from demo.zoo.bundled import CIFAR10_INPUT
from demo.zoo.vision import timm, torchvision

_GREY = (torch.tensor(CIFAR10_INPUT.mean) * 255).round().to(torch.uint8)


@dataclass(frozen=True)
class Cycle:
    """One rise and fall of the learning rate (Loshchilov & Hutter, "SGDR", 2017).

    epochs: length. peak: largest learning rate. warmup: share of the cycle until the peak.
    small: first epochs at `Recipe.small_size`. cutout: side in pixels of the grey square on each
    picture; 0 for none. magnitude: strength, 0 to 30, of one RandAugment operation on each picture;
    0 for none. plain: last epochs with neither. fresh: start at the moving average, with no
    momentum: from what a weights file holds, so that training can go on from shipped weights.
    share: part of a fresh cycle in the weights that it leaves; the rest is its start, since the
    mean of two ends errs less than either (Izmailov et al., "Averaging Weights Leads to Wider
    Optima", 2018).
    """

    epochs: int
    peak: float
    warmup: float = 0.2
    small: int = 0
    cutout: int = 0
    magnitude: int = 0
    plain: int = 0
    fresh: bool = False
    share: float = 1.0

    def lr(self, epoch: float) -> float:
        """Learning rate after this many epochs of the cycle: a triangle that ends at 0."""
        progress = epoch / self.epochs
        if progress < self.warmup:
            return self.peak * (0.1 + 0.9 * progress / self.warmup)
        return self.peak * max(0.0, (1.0 - progress) / (1.0 - self.warmup))


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run, apart from the network and the data.

    After the first cycle a network knew 96 to 98 % of the pictures it had learned from and 90 % of
    the others: hence the square in the second, which leaves less to know by heart. After the second
    it was 98 and 91 %: hence the third, whose pictures vary in shape and colour too.
    """

    cycles: tuple[Cycle, ...] = (
        Cycle(epochs=16, peak=8e-3, small=10),
        Cycle(epochs=18, peak=5e-3, warmup=0.05, cutout=12),
        Cycle(
            epochs=12,
            peak=5e-3,
            warmup=0.05,
            cutout=12,
            magnitude=8,
            plain=2,
            fresh=True,
            share=0.8,
        ),
    )
    batch: int = 256
    bn_lr_scale: float = 2.0
    weight_decay: float = 0.1
    smoothing: float = 0.1
    pad: int = 4
    small_size: int = 24
    average: float = 0.995
    seed: int = 0

    @property
    def epochs(self) -> int:
        """All cycles together."""
        return sum(cycle.epochs for cycle in self.cycles)

    def at(self, epoch: int) -> tuple[Cycle, int]:
        """The cycle that this epoch belongs to, and the epoch's place in it, from 0."""
        for cycle in self.cycles:
            if epoch < cycle.epochs:
                return cycle, epoch
            epoch -= cycle.epochs
        raise IndexError("the recipe ends before this epoch")

    def size(self, epoch: int) -> int:
        """Side of the training pictures in this epoch: small first, then 32."""
        cycle, place = self.at(epoch)
        return self.small_size if place < cycle.small else 32


def optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Muon for weight tensors; its AdamW fallback, without decay, for BatchNorm and biases."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    rest = [p for p in network.parameters() if p.ndim <= 1]
    groups = [
        {"params": weights, "weight_decay": recipe.weight_decay},
        {
            "params": rest,
            "weight_decay": 0.0,
            "use_fallback": True,
            "fallback_lr_scale": recipe.bn_lr_scale,
        },
    ]
    return timm.optim.Muon(
        groups, lr=recipe.cycles[0].peak, momentum=0.9, nesterov=True, ns_steps=3
    )


def normalise(images: Tensor) -> Tensor:
    """(N, 3, H, W) uint8 -> float32, CIFAR-10 mean 0 and deviation 1, channels last."""
    mean = torch.tensor(CIFAR10_INPUT.mean).view(1, 3, 1, 1) * 255
    std = torch.tensor(CIFAR10_INPUT.std).view(1, 3, 1, 1) * 255
    return ((images.float() - mean) / std).contiguous(memory_format=torch.channels_last)


def whiten_stem(network: nn.Module, images: Tensor) -> None:
    """Start the stem with the principal directions of 3x3 patches, each scaled to unit variance.

    Half of the filters are the largest directions, the other half their negatives, so that ReLU
    loses nothing.
    """
    conv: nn.Conv2d = network.stem.conv
    pictures = normalise(images)
    patches = F.unfold(pictures, 3).transpose(1, 2).reshape(-1, 27)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    half = conv.out_channels // 2
    rows = (vectors / (values + 1e-2).sqrt()).T.flip(0)[:half].reshape(half, 3, 3, 3)
    with torch.no_grad():
        conv.weight.copy_(torch.cat([rows, -rows]))


def augment(pictures: Tensor, epoch: int, recipe: Recipe, generator: torch.Generator) -> Tensor:
    """One epoch's view of uint8 pictures (N, 3, 32, 32): shifted, flipped every other epoch, cut.

    Alternating flips: a coin per picture decides the first epoch's orientation, then each epoch
    turns every picture round, so two epochs in a row always show both.
    """
    n, pad = len(pictures), recipe.pad
    coin = torch.randperm(n, generator=torch.Generator().manual_seed(recipe.seed)) % 2
    flipped = torch.where(((coin + epoch) % 2 == 1).view(-1, 1, 1, 1), pictures.flip(3), pictures)
    padded = F.pad(flipped.float(), [pad] * 4, mode="reflect").to(torch.uint8)
    shifts = torch.randint(0, 2 * pad + 1, (n, 2), generator=generator)
    out = torch.empty_like(pictures)
    for dy in range(2 * pad + 1):
        for dx in range(2 * pad + 1):
            chosen = (shifts == torch.tensor([dy, dx])).all(1)
            out[chosen] = padded[chosen][:, :, dy : dy + 32, dx : dx + 32]
    cycle, place = recipe.at(epoch)
    if place >= cycle.epochs - cycle.plain:
        return out
    if cycle.magnitude:
        out = vary(out, cycle.magnitude, generator)
    return cut_out(out, cycle.cutout, generator) if cycle.cutout else out


def vary(pictures: Tensor, magnitude: int, generator: torch.Generator) -> Tensor:
    """Uint8 pictures (N, 3, 32, 32), each after one random operation: turned, shorn, darkened...

    Source: Cubuk et al., "RandAugment" (2020), with one operation, as for its small networks.
    """
    change = torchvision.transforms.RandAugment(
        num_ops=1,
        magnitude=magnitude,
        interpolation=torchvision.transforms.InterpolationMode.BILINEAR,
        fill=_GREY.tolist(),
    )
    seed = int(torch.randint(0, 2**31, (1,), generator=generator))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # torchvision's transforms draw from torch's global generator
        return torch.stack([change(picture) for picture in pictures])


def cut_out(pictures: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Uint8 pictures (N, 3, 32, 32) with a square of the mean colour, centred anywhere on each.

    Source: DeVries & Taylor, "Improved Regularization of CNNs with Cutout" (2017).
    """
    corner = torch.randint(0, 32, (len(pictures), 2, 1), generator=generator) - side // 2
    offset = torch.arange(32) - corner
    inside = (offset >= 0) & (offset < side)
    square = (inside[:, 0, :, None] & inside[:, 1, None, :])[:, None]
    return torch.where(square, _GREY.view(1, 3, 1, 1), pictures)


class Average:
    """Moving average of a network's parameters and BatchNorm statistics."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay = decay
        self.steps = 0
        self.state = {k: v.clone() for k, v in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """Move towards the network; a shorter memory at the start."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for key, value in network.state_dict().items():
            if value.is_floating_point():
                self.state[key].lerp_(value, 1 - decay)
            else:
                self.state[key].copy_(value)


@torch.no_grad()
def logits_of(network: nn.Module, pictures: Pictures, batch: int = 500) -> Tensor:
    """Logits (N, 10) in fp32 and eval mode."""
    network.eval()
    parts = [network(normalise(part)) for part in pictures.images.split(batch)]
    return torch.cat(parts)
