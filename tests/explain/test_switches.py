from __future__ import annotations

import pytest
import torch
from torch import nn

from demo.explain.switches import rewritten


def test_what_a_module_puts_out_is_rewritten_as_long_as_it_is_open() -> None:
    network = nn.Sequential(nn.Identity(), nn.ReLU())
    x = torch.tensor([-1.0, 2.0])
    with rewritten(network, {"0": lambda y: y + 3, "1": lambda y: y * 10}):
        assert network(x).tolist() == [20.0, 50.0]
    assert network(x).tolist() == [0.0, 2.0]


def test_no_hook_is_left_after_an_exception() -> None:
    network = nn.Sequential(nn.Identity(), nn.ReLU())

    def fail(y: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"), rewritten(network, {"0": fail}):
        network(torch.ones(1))
    with pytest.raises(AttributeError), rewritten(network, {"0": fail, "7": fail}):
        network(torch.ones(1))
    assert not any(module._forward_hooks for module in network.modules())
