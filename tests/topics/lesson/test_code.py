"""Code beside picture: which line is which part, held for each block; shapes as the lecture has."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.lesson.figures.block import diagram
from demo.topics.lesson.figures.listing import printed, told
from demo.topics.lesson.numbers.fields import checked
from demo.topics.lesson.records.code import BLOCKS, Walk
from demo.topics.lesson.scenes.code import NETWORKS, draw
from demo.topics.lesson.source import CLASSES, functions
from demo.topics.lesson.walking import MOST_MACS, walk
from demo.zoo.catalogue import spec
from tests.drawing.drawn import assert_as_stored

ROOT = Path(__file__).parents[3]
T = text("en")


def lecture(name: str, real: bool = False) -> Walk:
    return walk(name, BLOCKS[name].start, real)


def lines(found: Walk, part: str) -> list[str]:
    """The source of a part, without indentation: how it is made, then where it is called."""
    [mine] = [one for one in found.parts if one.name == part]
    return [found.pieces[piece].lines[line].strip() for piece, line in (*mine.made, *mine.called)]


BN_RELU_CONV = (
    "out = self.conv1(self.relu(self.bn1(x)))  # N x 4k x H x W, or already N x k x H x W"
)
SECOND = "out = self.conv2(self.relu(self.bn2(out)))  # N x k x H x W"
TRANSITION = "return self.pool(self.conv(self.relu(self.bn(x))))"
BRANCHES = "branches = [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]"
ADDED = "return self.relu(self.branch(x) + self.shortcut(x))"
FIRST_1X1 = "out = self.relu(self.bn1(self.conv1(x)))  # N x width x H x W"
MIDDLE = "out = self.relu(self.bn2(self.conv2(out)))  # N x width x H' x W'"
RELU = "self.relu = nn.ReLU()"
SUPER = [
    "super().__init__(",
    "in_channels, cardinality * path_width, out_channels, stride, groups=cardinality",
    ")",
]
GROUPED = [
    "self.conv2 = nn.Conv2d(",
    "width, width, kernel_size=3, stride=stride, padding=1, groups=groups, bias=False",
    ")",
]


@pytest.mark.parametrize(
    ("block", "part", "source"),
    [
        ("DenseLayer", "bn1", ["self.bn1 = nn.BatchNorm2d(in_channels)", BN_RELU_CONV]),
        ("DenseLayer", "relu", [RELU, BN_RELU_CONV]),
        (
            "DenseLayer",
            "conv1",
            ["self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)", BN_RELU_CONV],
        ),
        ("DenseLayer", "bn2", ["self.bn2 = nn.BatchNorm2d(width)", SECOND]),
        ("DenseLayer", "relu#2", [RELU, SECOND]),
        ("DenseLayer", "cat", ["return torch.cat([x, self.new_features(x)], dim=1)"]),
        ("TransitionLayer", "bn", ["self.bn = nn.BatchNorm2d(in_channels)", TRANSITION]),
        (
            "TransitionLayer",
            "pool",
            ["self.pool = nn.AvgPool2d(kernel_size=2, stride=2)", TRANSITION],
        ),
        ("InceptionModule", "cat", ["return torch.cat(branches, dim=1)"]),
        ("ResidualBlock", "relu#3", [RELU, ADDED]),
        ("ResidualBlock", "shortcut", ["self.shortcut: nn.Module = nn.Identity()", ADDED]),
        ("ResidualBlock", "add", [ADDED]),
        ("ResidualBlock", "conv2", [*GROUPED, MIDDLE]),
        ("ResNeXtBlock", "conv2", [*SUPER, *GROUPED, MIDDLE]),
        ("ResNeXtBlock", "relu", [*SUPER, RELU, FIRST_1X1]),
        ("ResNeXtBlock", "add", [ADDED]),
    ],
)
def test_a_part_is_these_lines(block: str, part: str, source: list[str]) -> None:
    assert lines(lecture(block), part) == source


def test_the_layers_of_a_dense_block_share_their_lines() -> None:
    found = lecture("DenseBlock")
    for number in range(6):
        source = lines(found, str(number))
        assert source[0] == "super().__init__("
        assert "DenseLayer(in_channels + i * growth_rate, growth_rate, bottleneck)" in source
        assert source[-1] == "input = module(input)"


def test_each_step_of_an_inception_branch_is_its_own_line() -> None:
    found = lecture("InceptionModule")
    own = {
        "branch1": "self.branch1 = ConvBNReLU(in_channels, ch1x1, 1)",
        "branch2.0": "ConvBNReLU(in_channels, ch3x3_reduce, 1),",
        "branch2.1": "ConvBNReLU(ch3x3_reduce, ch3x3, 3),",
        "branch3.0": "ConvBNReLU(in_channels, ch5x5_reduce, 1),",
        "branch3.1": "ConvBNReLU(ch5x5_reduce, ch5x5, 5),",
        "branch4.0": "nn.MaxPool2d(kernel_size=3, stride=1, padding=1),",
        "branch4.1": "ConvBNReLU(in_channels, pool_proj, 1),",
    }
    for part, made in own.items():
        source = lines(found, part)
        assert made in source
        assert not set(own.values()) - {made} & set(source)
        assert source[-1] == BRANCHES
        # Those that are a ConvBNReLU are made by its own lines too; the pooling is none.
        assert ("bn=nn.BatchNorm2d(out_channels)," in source) is (part != "branch4.0")


def test_a_shortcut_that_is_a_convolution_replaces_the_identity() -> None:
    found = walk("ResidualBlock", (256, 64, 512, 2, 1, 56))
    assert [one.name for one in found.parts][-4:] == ["shortcut.0", "shortcut.1", "add", "relu#3"]
    assert lines(found, "shortcut.0") == [
        "self.shortcut = nn.Sequential(",
        "nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),",
        ")",
        ADDED,
    ]
    assert found.shape_out == (512, 28, 28)


def test_lines_that_did_not_run_are_known() -> None:
    def idle(found: Walk) -> list[str]:
        return [piece.lines[line].strip() for piece in found.pieces for line in sorted(piece.idle)]

    assert idle(lecture("DenseLayer")) == [
        "self.conv1 = nn.Conv2d(in_channels, growth_rate, kernel_size=3, padding=1, bias=False)"
    ]
    assert idle(lecture("ResNeXtBlock"))[0] == "self.shortcut = nn.Sequential("
    assert idle(walk("ResNeXtBlock", (64, 256, 32, 4, 1, 56))) == []
    assert idle(lecture("InceptionModule")) == []


@pytest.mark.parametrize("name", BLOCKS)
def test_what_is_shown_is_what_runs(name: str) -> None:
    for function, piece in zip(functions(name), lecture(name).pieces, strict=True):
        if "site-packages" not in function.code.co_filename:
            written = (ROOT / piece.file).read_text("utf-8").splitlines()
            shown = written[piece.first - 1 : piece.first - 1 + len(piece.lines)]
            assert [line.strip() for line in shown] == [line.strip() for line in piece.lines]
        assert function.code.co_firstlineno == piece.first
    names = {piece.title for piece in lecture(name).pieces}
    block = CLASSES[name]
    assert {
        f"{owner.__name__}.{fn}"
        for owner in block.__mro__
        if owner.__module__.startswith("demo.")
        for fn, value in vars(owner).items()
        if inspect.isfunction(value)
    } <= names


@pytest.mark.parametrize("name", BLOCKS)
def test_every_module_lies_in_a_part_and_every_part_has_its_lines(name: str) -> None:
    found = lecture(name)
    with torch.device("meta"):
        module = CLASSES[name](*found.numbers[:-1])
    paths = {part.name.split("#")[0] for part in found.parts}
    leaves = [path for path, one in module.named_modules() if path and not [*one.children()]]
    assert [path for path in leaves if not paths & _heads(path)] == []
    for part in found.parts:
        assert part.called
        assert bool(part.made) is (part.kind not in ("cat", "add"))


def _heads(path: str) -> set[str]:
    """ "a.b.c" -> {"a", "a.b", "a.b.c"}."""
    names = path.split(".")
    return {".".join(names[: count + 1]) for count in range(len(names))}


@pytest.mark.parametrize(
    ("name", "into", "out"),
    [
        ("DenseLayer", "[1, 64, 56, 56]", "[1, 96, 56, 56]"),
        ("DenseBlock", "[1, 64, 56, 56]", "[1, 256, 56, 56]"),
        ("TransitionLayer", "[1, 256, 56, 56]", "[1, 128, 28, 28]"),
        ("InceptionModule", "[1, 192, 28, 28]", "[1, 256, 28, 28]"),
        ("ResidualBlock", "[1, 256, 56, 56]", "[1, 256, 56, 56]"),
        ("ResNeXtBlock", "[1, 256, 56, 56]", "[1, 256, 56, 56]"),
    ],
)
def test_shapes_as_the_lecture_prints_them(name: str, into: str, out: str) -> None:
    found = lecture(name, real=True)
    assert (printed(found.shape_in), printed(found.shape_out)) == (into, out)
    assert found.real
    assert found.kept is (name in ("DenseLayer", "DenseBlock"))
    # Shapes alone, and numbers through it, take the same way.
    bare = lecture(name)
    assert bare.parts == found.parts
    assert not bare.real
    with torch.device("meta"):
        module = CLASSES[name](*found.numbers[:-1]).eval()
        x = torch.empty(1, *found.shape_in)
    assert found.parameters == sum(p.numel() for p in module.parameters())
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        module(x)
    assert found.macs == counter.get_total_flops() // 2


def test_shapes_after_each_line() -> None:
    def at(name: str, source: str) -> str:
        found = lecture(name, real=True)
        place = next(
            (piece, line)
            for piece, one in enumerate(found.pieces)
            for line, words in enumerate(one.lines)
            if words.strip() == source
        )
        return told([part for part in found.of(place) if place in part.called])

    assert at("DenseLayer", BN_RELU_CONV) == "[1, 64, 56, 56] → [1, 128, 56, 56]"
    assert at("DenseLayer", SECOND) == "[1, 128, 56, 56] → [1, 32, 56, 56]"
    grown = " → ".join(f"[1, {channels}, 56, 56]" for channels in (96, 128, 160, 192, 224, 256))
    assert at("DenseBlock", "input = module(input)") == grown
    assert at("TransitionLayer", TRANSITION) == (
        "[1, 256, 56, 56] → [1, 128, 56, 56] → [1, 128, 28, 28]"
    )
    assert at("InceptionModule", BRANCHES) == (
        "[1, 64, 28, 28] | [1, 96, 28, 28] → [1, 128, 28, 28]"
        " | [1, 16, 28, 28] → [1, 32, 28, 28] | [1, 192, 28, 28] → [1, 32, 28, 28]"
    )


@pytest.mark.parametrize(
    ("block", "numbers", "key"),
    [
        ("DenseLayer", "0,32,56", "code.problem.number"),
        ("DenseLayer", "64,,56", "code.problem.number"),
        ("DenseLayer", "64,1.5,56", "code.problem.number"),
        ("DenseLayer", "64,-4,56", "code.problem.number"),
        ("DenseLayer", "64,__import__('os'),56", "code.problem.number"),
        ("DenseLayer", "٣,32,56", "code.problem.number"),
        ("DenseLayer", "9" * 5000, "code.problem.number"),
        ("DenseLayer", "64,32,1", "code.problem.side"),
        ("DenseLayer", "64,32", "code.problem.side"),
        ("DenseBlock", "13,64,32,56", "code.problem.number"),
        ("ResidualBlock", "256,64,256,1,3,56", "code.problem.groups"),
        ("ResidualBlock", "256,64,256,3,1,56", "code.problem.number"),
    ],
)
def test_impossible_numbers_are_said(block: str, numbers: str, key: str) -> None:
    with pytest.raises(Problem) as raised:
        walk(block, checked(BLOCKS[block], numbers.split(",")))
    assert raised.value.key == key
    drawn, fields = draw(text("ja"), block, f"{block}:{numbers}")
    sentence = drawn.partition("scene-sentence")[2]
    assert re.search("にはできません|ことはできません", sentence)
    assert 'data-ran="0"' in drawn
    assert len(drawn + fields) < 90_000


def test_too_much_work_is_refused_before_it_is_done() -> None:
    with pytest.raises(Problem, match=r"code\.problem\.work"):
        walk("DenseLayer", (1024, 128, 112), real=True)
    assert lecture("DenseBlock").macs < MOST_MACS


def test_a_block_of_too_many_parameters_is_not_made() -> None:
    numbers = (1024, 1024, 128, 128, 1, 2)
    with pytest.raises(Problem) as raised:
        walk("ResNeXtBlock", numbers, real=True)
    assert raised.value.key == "code.problem.parameters"
    # Two 1x1 convolutions of 1,024 and 16,384 channels, the grouped one, three normalisations.
    count = 2 * 1024 * 16384 + 9 * 16384 * 128 + 2 * (2 * 16384 + 1024)
    assert raised.value.values["count"] == f"{count:,}"
    drawn, _ = draw(T, "ResNeXtBlock", f"ResNeXtBlock:{','.join(map(str, numbers))}")
    assert "at most 10,000,000. Choose fewer channels." in drawn
    assert 'data-ran="0"' in drawn


def test_what_watches_the_lines_is_gone_afterwards() -> None:
    before = sys.gettrace()
    lecture("TransitionLayer")
    assert sys.gettrace() is before


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", BLOCKS)
def test_both_sides_name_each_other(name: str, lang: str) -> None:
    start = ",".join(map(str, (*BLOCKS[name].start[:-1], 4)))
    for run in ("", f"{name}:{start}"):
        drawn, fields = draw(text(lang), name, run)
        assert f'data-ran="{int(bool(run))}"' in drawn
        listed = set(re.findall(r'data-line="([^"]+)"', drawn))
        pointed = [set(one.split()) for one in re.findall(r'data-lines="([^"]+)"', drawn)]
        assert set().union(*pointed) == listed
        assert len(pointed) == len(lecture(name).parts)
        assert ("code-shape" in drawn) is bool(run)
        assert fields.count("<input") == len(BLOCKS[name].fields)
        seen = fields.partition("<details>")[0]
        assert seen.count("<input") == 2


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("DenseBlock", "7,978,856"),
        ("TransitionLayer", "7,978,856"),
        ("ResidualBlock", "25,557,032"),
        ("ResNeXtBlock", "25,028,904"),
        ("InceptionModule", "6,624,904"),
    ],
)
def test_the_sentence_says_the_whole_networks_count(name: str, whole: str, lang: str) -> None:
    start = ",".join(map(str, (*BLOCKS[name].start[:-1], 4)))
    drawn, _ = draw(text(lang), name, f"{name}:{start}")
    assert whole in drawn.partition("scene-sentence")[2]
    assert f"{spec(NETWORKS[name]).parameters:,}" == whole


def test_numbers_of_another_block_do_not_count() -> None:
    assert draw(T, "DenseLayer", "DenseBlock:6,64,32,56") == draw(T, "DenseLayer", "")


@pytest.mark.parametrize("name", ["DenseLayer", "InceptionModule", "ResNeXtBlock"])
def test_the_diagram_is_the_one_that_was_kept(name: str) -> None:
    assert_as_stored(f"code_{name}", diagram(lecture(name, real=True), T))
