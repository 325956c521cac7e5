"""Guided backpropagation: only what raises the score passes each ReLU on the way back.

Springenberg et al., "Striving for Simplicity: The All Convolutional Net" (2015). A hook on a module
would miss `F.relu` (GoogLeNet, Inception v3), and meet one ReLU that a block uses three times, or
one that works in place, once for all (Captum's does). Here every call of a ReLU is caught as it is
made, in this thread alone, and becomes a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

_MOST: dict[object, float] = {
    torch.relu: torch.inf,
    torch.relu_: torch.inf,
    Tensor.relu: torch.inf,
    Tensor.relu_: torch.inf,
    F.relu: torch.inf,
    F.relu6: 6.0,
}
"""Functions that are a ReLU -> where each of them ends."""


class _Gate(torch.autograd.Function):
    """min(max(x, 0), most), through which only positive gradients go back."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, most: float) -> Tensor:
        ctx.save_for_backward((x > 0) & (x < most))
        return x.clamp(0, most)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (open_places,) = ctx.saved_tensors
        return gradients[0].clamp(min=0) * open_places, None


class _Fresh(TorchFunctionMode):
    """While open, every ReLU of this thread is a gate of its own."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        most = _MOST.get(func)
        if most is None:
            return func(*args, **(kwargs or {}))
        return _Gate.apply(args[0] if args else (kwargs or {})["input"], most)


def guided_gradient(
    network: nn.Module, x: Tensor, score: Callable[[Tensor], Tensor]
) -> tuple[Tensor, Tensor]:
    """The guided gradient of a score with respect to the input.

    Args:
        network: in eval mode; whoever shares it holds its lock.
        x: (1, 3, H, W).
        score: of the logits, (1, classes) -> (1,).

    Returns:
        the gradient, (1, 3, H, W), and the logits.
    """
    start = x.detach().clone().requires_grad_()
    with torch.enable_grad(), _Fresh():
        logits = network(start)
    (gradient,) = torch.autograd.grad(score(logits).sum(), start)
    return gradient, logits.detach()
