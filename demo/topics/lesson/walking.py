"""A block built of the reader's numbers and run: which part puts out which shape, on which line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import nn

from demo.records import Problem
from demo.topics.lesson.records.code import BLOCKS, Block, Part, Piece, Place, Walk
from demo.topics.lesson.source import (
    CLASSES,
    calls,
    functions,
    lines_of,
    made,
    span,
    statements,
    units,
)
from demo.topics.lesson.watching import Watch, followed

MOST_MACS = 2_000_000_000
"""Multiply-adds that a reader may ask for: about a second of two cores."""
MOST_PARAMETERS = 10_000_000
"""Parameters of a block that is made: 40 MB."""


def walk(name: str, numbers: Sequence[int], real: bool = False) -> Walk:
    """One pass through the block of that name.

    Args:
        numbers: as `checked` gives them.
        real: whether random numbers go through it; otherwise its shapes alone are worked out.

    Raises:
        Problem: "code.problem.groups" if groups do not divide the channels, "code.problem.work" if
            it takes more than MOST_MACS multiply-adds, "code.problem.parameters" if it
            has more than MOST_PARAMETERS.
    """
    block = BLOCKS[name]
    *arguments, side = numbers
    named = dict(zip((field.name for field in block.fields), numbers, strict=True))
    channels, groups = named["in_channels"], named.get("groups", 1)
    if named.get("width", 0) % groups:
        raise Problem("code.problem.groups", groups=groups, width=named["width"])
    found = _walked(block, arguments, torch.device("meta"), (channels, side, side))
    if found.macs > MOST_MACS:
        raise Problem("code.problem.work", macs=f"{found.macs:,}", most=f"{MOST_MACS:,}", name=name)
    if found.parameters > MOST_PARAMETERS:
        count, most = f"{found.parameters:,}", f"{MOST_PARAMETERS:,}"
        raise Problem("code.problem.parameters", count=count, most=most, name=name)
    if real:
        return _walked(block, arguments, torch.device("cpu"), (channels, side, side))
    return found


def _walked(
    block: Block, arguments: Sequence[int], device: torch.device, shape: tuple[int, int, int]
) -> Walk:
    codes = {function.code: number for number, function in enumerate(functions(block.name))}
    with device, torch.no_grad(), followed(codes) as ran:
        module = CLASSES[block.name](*arguments).eval()
        watch = Watch(module, codes)
        x = torch.randn(1, *shape)
        with watch:
            out = module(x)
        kept = out[:, : shape[0]]
        same = device.type != "meta" and kept.shape == x.shape and torch.equal(kept, x)
    return Walk(
        block,
        (*arguments, shape[-1]),
        tuple(_idle(number, ran, block.name) for number in range(len(codes))),
        _lines(block.name, module, watch.parts, ran, shape),
        shape,
        tuple(out.shape[1:]),
        sum(p.numel() for p in module.parameters()),
        watch.macs,
        real=device.type != "meta",
        kept=same,
    )


def _lines(
    name: str,
    module: nn.Module,
    parts: Sequence[Part],
    ran: set[Place],
    shape: tuple[int, int, int],
) -> tuple[Part, ...]:
    """The parts with the lines that make them; what computes nothing comes before the addition."""
    makers, own = made(name, ran), units(name)
    whole = list(parts)
    for path, one in module.named_children():
        if isinstance(one, nn.Identity):
            part = Part(path, "identity", shape[0], shape, calls(name, path)[:1])
            before = next(i for i, other in enumerate(whole) if other.kind == "add")
            whole.insert(before, part)
    return tuple(
        replace(
            part,
            made=(*lines_of(part, makers), *own.get(_class(module, part), ())),
        )
        for part in whole
    )


def _class(module: nn.Module, part: Part) -> str:
    if not part.attribute:
        return ""
    return type(module.get_submodule(part.name.split("#")[0])).__name__


def _idle(number: int, ran: set[Place], name: str) -> Piece:
    """A piece with the lines of its statements that did not run."""
    function = functions(name)[number]
    if function.unit is not None:
        return function.piece
    idle = {
        line
        for one in statements(function)
        if not ran & set(span(number, one))
        for _, line in span(number, one)
    }
    return replace(function.piece, idle=frozenset(idle))
