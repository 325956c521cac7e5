from __future__ import annotations

import gc
import weakref
from typing import ClassVar

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demo.blocks import networks
from demo.trace import captured, rewritten, trace
from demo.zoo.vision import torchvision


def frozen(network: nn.Module) -> nn.Module:
    return network.eval().requires_grad_(False)


def two_convs(inplace: bool = True) -> nn.Sequential:
    """(1, 1, 4, 4) -> 2 logits; channel 0 passes the picture on, channel 1 is 10 minus it."""
    network = nn.Sequential(
        nn.Conv2d(1, 2, 1), nn.ReLU(inplace), nn.Conv2d(2, 2, 1), nn.AvgPool2d(4), nn.Flatten()
    )
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([1.0, -1.0]).view(2, 1, 1, 1))
        network[0].bias.copy_(torch.tensor([0.0, 10.0]))
        network[2].weight.copy_(torch.tensor([[3.0, 1.0], [-1.0, 2.0]]).view(2, 2, 1, 1))
        network[2].bias.zero_()
    return frozen(network)


PICTURE = torch.arange(16.0).view(1, 1, 4, 4)


def hooks(network: nn.Module) -> int:
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in network.modules())


def test_logits_and_activations_by_hand() -> None:
    found = trace(two_convs(), PICTURE, ["0", "1"])
    # mean of the picture 7.5; mean of max(10 - p, 0) = 55 / 16
    assert found.logits[0].tolist() == [3 * 7.5 + 55 / 16, -7.5 + 110 / 16]
    assert found.activations["0"][0, 1].flatten().tolist() == [10.0 - p for p in range(16)]
    assert found.activations["1"][0, 1].flatten().tolist() == [
        max(10.0 - p, 0.0) for p in range(16)
    ]
    assert found.seconds > 0


def test_an_in_place_relu_changes_neither_what_was_captured_nor_its_gradient() -> None:
    found = trace(two_convs(), PICTURE, ["0"])
    assert found.activations["0"].min() == -5
    gradient = found.gradient("0", 1)[0]
    assert gradient[0].flatten().tolist() == [0.0] + [-1 / 16] * 15
    assert gradient[1].flatten().tolist() == [2 / 16] * 10 + [0.0] * 6


def test_any_class_and_layer_any_number_of_times() -> None:
    network = two_convs()
    passes = []
    network.register_forward_pre_hook(lambda module, inputs: passes.append(1))
    found = trace(network, PICTURE, ["0", "1", "2"])
    first = [found.gradient(path, c) for path in ("0", "1", "2") for c in (0, 1)]
    again = [found.gradient(path, c) for path in ("0", "1", "2") for c in (0, 1)]
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert first[4][0].flatten().tolist() == [1 / 16] * 16 + [0.0] * 16
    assert len(passes) == 1


def test_nothing_is_recorded_in_front_of_the_first_captured_layer() -> None:
    found = trace(two_convs(), PICTURE, ["1", "2"])
    assert found.activations["1"].is_leaf
    assert not found.activations["2"].is_leaf


def test_what_is_asked_for_twice_is_captured_once() -> None:
    assert list(trace(two_convs(), PICTURE, ["0", "0"]).activations) == ["0"]


def test_without_a_graph_there_is_no_way_back() -> None:
    found = trace(two_convs(), PICTURE, ["0"], graph=False)
    assert found.activations["0"].min() == -5
    assert not found.logits.requires_grad
    with pytest.raises(RuntimeError):
        found.gradient("0", 0)


def test_gradient_mode_of_the_caller_does_not_matter_and_stays() -> None:
    with torch.no_grad():
        found = trace(two_convs(), PICTURE, ["0"])
        assert not torch.is_grad_enabled()
    assert found.gradient("0", 0).shape == (1, 2, 4, 4)


def test_no_hook_is_left() -> None:
    network = two_convs()
    trace(network, PICTURE, ["0", "1"])
    assert hooks(network) == 0


class Boom(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise ZeroDivisionError


def test_no_hook_is_left_after_an_exception() -> None:
    network = nn.Sequential(nn.Identity(), Boom())
    with pytest.raises(ZeroDivisionError):
        trace(network, PICTURE, ["0", "1"])
    assert hooks(network) == 0


def test_an_unknown_path_is_refused_and_leaves_no_hook() -> None:
    network = two_convs()
    with pytest.raises(AttributeError):
        trace(network, PICTURE, ["0", "nowhere"])
    assert hooks(network) == 0


class Odd(nn.Module):
    """`pair` puts out a tuple, `idle` never runs."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = nn.MaxPool2d(2, return_indices=True)
        self.idle = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.pair(x)[0].flatten(1)


@pytest.mark.parametrize(("path", "words"), [("pair", "not a tensor"), ("idle", "never ran: idle")])
def test_a_module_without_one_tensor_is_refused(path: str, words: str) -> None:
    network = Odd()
    with pytest.raises(ValueError, match=words):
        trace(network, PICTURE, [path])
    assert hooks(network) == 0


class SharedInput(nn.Module):
    """What `same` puts out is its input, which the next line overwrites."""

    def __init__(self) -> None:
        super().__init__()
        self.same = nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        x = x * 1
        y = self.same(x)
        x += 100
        return y.flatten(1)


def test_an_output_that_shares_memory_with_the_input_is_safe() -> None:
    found = trace(SharedInput(), PICTURE, ["same"])
    assert found.activations["same"].flatten().tolist() == list(range(16))


def test_densenet_features_are_before_the_functional_in_place_relu() -> None:
    torch.manual_seed(0)
    network = frozen(torchvision.models.densenet121(num_classes=5))
    x = torch.randn(1, 3, 64, 64)
    found = trace(network, x, ["features"])
    features = found.activations["features"].detach()
    assert features.min() < 0
    pooled = F.relu(features).mean(dim=(2, 3))
    assert torch.allclose(network.classifier(pooled), found.logits, atol=1e-5)
    assert torch.equal(found.logits, network(x))
    after_relu = network.classifier.weight[2].view(1, -1, 1, 1) * (features > 0) / 4  # 2x2 places
    assert torch.allclose(found.gradient("features", 2), after_relu, atol=1e-6)


def test_a_residual_branch_is_what_it_was_before_the_addition() -> None:
    torch.manual_seed(0)
    network = frozen(torchvision.models.resnet50(num_classes=5))
    x = torch.randn(1, 3, 64, 64)
    paths = ["layer1.0", "layer1.1.bn3", "layer1.1"]
    found = trace(network, x, paths)
    before, branch, after = (found.activations[path].detach() for path in paths)
    assert torch.allclose(F.relu(branch + before), after, atol=1e-6)
    assert not torch.allclose(branch, after)
    assert torch.equal(found.logits, network(x))


MINI = {
    "mini_resnet": ("stem", "stages.stage1", "stages.stage3"),
    "mini_densenet": ("stem", "stages.block2", "stages.transition2", "stages.relu"),
    "mini_googlenet": ("stem", "stages.stage2", "stages.stage3.1.branch3"),
    "mini_resnext": ("stages.stage1", "stages.stage2", "stages.stage3"),
}


@pytest.mark.parametrize("name", MINI)
def test_bytes_are_those_that_autograd_saves(name: str) -> None:
    network = frozen(getattr(networks, name)())
    x = torch.randn(1, 3, 32, 32)
    saved: list[Tensor] = []

    def pack(tensor: Tensor) -> Tensor:
        saved.append(tensor.detach())
        return tensor.detach()

    hooked = torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor)
    with captured(network, MINI[name]) as activations, hooked:
        logits = network(x)
    weights = {t.data_ptr() for t in (*network.parameters(), *network.buffers())}
    held = {
        t.untyped_storage().data_ptr(): t.untyped_storage().nbytes()
        for t in (*saved, logits, *activations.values())
        if t.data_ptr() not in weights
    }
    assert trace(network, x, MINI[name]).nbytes == sum(held.values())


class Mark:
    """Something whose end can be watched."""


class Marked(torch.autograd.Function):
    """Passes x on; its node in the graph holds a Mark."""

    marks: ClassVar[weakref.WeakSet[Mark]] = weakref.WeakSet()

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: Tensor) -> Tensor:
        ctx.mark = Mark()
        Marked.marks.add(ctx.mark)
        ctx.save_for_backward(torch.zeros(1000))
        return x * 2

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, gradient: Tensor) -> Tensor:
        return gradient * 2


class MarkedLayer(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return Marked.apply(x)


def test_dropping_a_trace_frees_its_graph_at_once() -> None:
    network = nn.Sequential(nn.Identity(), MarkedLayer(), nn.Flatten())
    gc.disable()
    try:
        found = trace(network, PICTURE, ["0"])
        found.gradient("0", 3)
        assert len(Marked.marks) == 1
        assert found.nbytes == 4 * (1000 + 16 + 16)  # saved, captured, logits
        del found
        assert len(Marked.marks) == 0
    finally:
        gc.enable()


def test_both_ends_of_a_block_survive_in_place_changes() -> None:
    network = nn.Sequential(nn.Identity(), nn.Sequential(nn.ReLU(inplace=True), nn.Flatten()))
    found = trace(network, PICTURE - 8, [], graph=False, blocks=["1", "0"])
    assert found.blocks["1"].input.flatten().tolist() == [p - 8.0 for p in range(16)]
    assert found.blocks["1"].output.flatten().tolist() == [0.0] * 8 + [
        p - 8.0 for p in range(8, 16)
    ]
    assert found.blocks["0"].output.flatten().tolist() == [p - 8.0 for p in range(16)]
    assert found.nbytes == 4 * (4 * 16 + 16)  # the four ends, and the logits
    assert hooks(network) == 0


def test_a_dense_block_puts_out_its_input_and_every_layer_in_order() -> None:
    torch.manual_seed(0)
    network = frozen(networks.mini_densenet())
    found = trace(network, torch.randn(1, 3, 32, 32), [], graph=False, blocks=["stages.block2"])
    ends = found.blocks["stages.block2"]
    first = network.stages.block2[0].new_features(ends.input)
    width = ends.input.shape[1]
    assert torch.equal(ends.output[:, :width], ends.input)
    assert torch.allclose(ends.output[:, width : width + 24], first, atol=1e-6)


def test_a_block_that_puts_out_a_tuple_is_refused() -> None:
    network = Odd()
    with pytest.raises(ValueError, match="not a tensor"):
        trace(network, PICTURE, [], blocks=["pair"])
    assert hooks(network) == 0


def test_what_a_module_puts_out_is_rewritten_as_long_as_it_is_open() -> None:
    network = nn.Sequential(nn.Identity(), nn.ReLU())
    x = torch.tensor([-1.0, 2.0])
    with rewritten(network, {"0": lambda y: y + 3, "1": lambda y: y * 10}):
        assert network(x).tolist() == [20.0, 50.0]
    assert network(x).tolist() == [0.0, 2.0]


def test_no_rewriting_hook_is_left_after_an_exception() -> None:
    network = nn.Sequential(nn.Identity(), nn.ReLU())

    def fail(y: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"), rewritten(network, {"0": fail}):
        network(torch.ones(1))
    with pytest.raises(AttributeError), rewritten(network, {"0": fail, "7": fail}):
        network(torch.ones(1))
    assert not any(module._forward_hooks for module in network.modules())
