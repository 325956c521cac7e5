"""The lesson's blocks, assembled as the published networks, are those networks.

Weights go from torchvision's networks through a map of names; the outputs must be the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from demo.blocks import networks
from demo.blocks.inception import InceptionModule
from demo.zoo.vision import torchvision

RULES = {
    "densenet": [
        (r"features\.conv0", "stem.conv"),
        (r"features\.norm0", "stem.bn"),
        (r"features\.denseblock(\d+)\.denselayer(\d+)\.", r"stages.block\1.#\2."),
        (r"\.norm(\d)", r".bn\1"),
        (r"features\.transition(\d)\.norm", r"stages.transition\1.bn"),
        (r"features\.transition(\d)\.conv", r"stages.transition\1.conv"),
        (r"features\.bn5", "stages.bn"),
        (r"classifier", "fc"),
    ],
    "residual": [
        (r"^conv1", "stem.conv"),
        (r"^bn1", "stem.bn"),
        (r"^layer(\d)", r"stages.stage\1"),
        (r"downsample", "shortcut"),
    ],
}


def renamed(state: dict[str, Tensor], rules: list[tuple[str, str]]) -> dict[str, Tensor]:
    """Torchvision's names -> ours. "#3" counts from one there and from zero here."""
    found = {}
    for name, tensor in state.items():
        for old, new in rules:
            name = re.sub(old, new, name)
        found[re.sub(r"#(\d+)", lambda m: str(int(m[1]) - 1), name)] = tensor
    return found


def randomise(network: nn.Module) -> None:
    """BatchNorms that are no identity, so that a swapped pair would be seen."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.3, 0.9)
            nn.init.uniform_(module.bias, -0.3, 0.3)
            module.running_mean.uniform_(-0.3, 0.3)
            module.running_var.uniform_(0.5, 1.5)


@pytest.mark.parametrize(
    ("ours", "theirs", "rules", "parameters"),
    [
        (networks.densenet121, torchvision.models.densenet121, "densenet", 7_978_856),
        (networks.resnet50, torchvision.models.resnet50, "residual", 25_557_032),
        (networks.resnext50, torchvision.models.resnext50_32x4d, "residual", 25_028_904),
    ],
)
def test_parity_with_torchvision(
    ours: Callable[[], nn.Module], theirs: Callable[[], nn.Module], rules: str, parameters: int
) -> None:
    torch.manual_seed(0)
    reference = theirs().eval()
    randomise(reference)
    with torch.device("meta"):
        network = ours().eval()
    assert sum(p.numel() for p in network.parameters()) == parameters
    state = renamed(reference.state_dict(), RULES[rules])
    network.load_state_dict(state, strict=True, assign=True)
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        wanted, found = reference(x), network(x)
    assert wanted.std() > 0.01
    assert (found - wanted).abs().max() < 1e-5 * max(1.0, wanted.abs().max().item())


def test_inception_3a_has_a_true_5x5() -> None:
    """Table 1: 192 channels in; 64; 96 -> 128; 16 -> 32; 32."""
    module = InceptionModule(192, 64, 96, 128, 16, 32, 32)
    convolutions = [m for m in module.modules() if isinstance(m, nn.Conv2d)]
    assert sum(c.weight.numel() for c in convolutions) == 163_328
    assert [c.kernel_size[0] for c in convolutions] == [1, 1, 3, 1, 5, 1]
    assert module(torch.zeros(1, 192, 28, 28)).shape == (1, 256, 28, 28)
    torchvisions = torchvision.models.googlenet(aux_logits=False, init_weights=False).inception3a
    convolutions = [m for m in torchvisions.modules() if isinstance(m, nn.Conv2d)]
    assert sum(c.weight.numel() for c in convolutions) == 155_136


def test_densenet121_grows_as_in_the_paper() -> None:
    with torch.device("meta"):
        network = networks.densenet121().eval()
        x = network.stem(torch.empty(1, 3, 224, 224))
        widths = [x.shape[1]]
        for stage in network.stages[:7]:
            x = stage(x)
            widths.append(x.shape[1])
    assert widths == [64, 256, 128, 512, 256, 1024, 512, 1024]
    assert x.shape[2:] == (7, 7)
