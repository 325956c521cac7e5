"""A block built of the reader's numbers and run: which part puts out which shape, on which line.

What a line calls is watched while it runs, not guessed: every tensor operation knows the frames
below it, and with them the line of the block's own source, and the module that it belongs to.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import prod
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

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

MOST_MACS = 2_000_000_000
"""Multiply-adds that a reader may ask for: about a second of two cores."""

KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "conv",
    nn.BatchNorm2d: "norm",
    nn.ReLU: "relu",
    nn.AvgPool2d: "average",
    nn.MaxPool2d: "max",
    nn.Identity: "identity",
}


def walk(name: str, numbers: Sequence[int], real: bool = False) -> Walk:
    """One pass through the block of that name.

    Args:
        numbers: as `checked` gives them.
        real: whether random numbers go through it; otherwise its shapes alone are worked out.

    Raises:
        Problem: "code.problem.groups" if groups do not divide the channels, "code.problem.work" if
            it takes more than MOST_MACS multiply-adds.
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


@contextmanager
def followed(codes: dict[Any, int]) -> Iterator[set[Place]]:
    """While open, the lines that run of these functions, in this thread."""
    ran: set[Place] = set()

    def follow(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        number = codes.get(frame.f_code)
        if number is None:
            return None
        if event == "line":
            ran.add((number, frame.f_lineno - frame.f_code.co_firstlineno))
        return follow

    before = sys.gettrace()
    sys.settrace(follow)
    try:
        yield ran
    finally:
        sys.settrace(before)


class Watch(TorchFunctionMode):
    """While open, each operation of a module's pass: its part, its line, what it puts out."""

    def __init__(self, module: nn.Module, codes: dict[Any, int]) -> None:
        super().__init__()
        self.module = module
        self.codes = codes
        self.paths = {id(one): path for path, one in module.named_modules()}
        self.parts: list[Part] = []
        self.macs = 0

    def __torch_function__(
        self, fn: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        out = fn(*args, **(kwargs or {}))
        if isinstance(out, Tensor) and out.dim() == 4:
            self._note(fn.__name__, args, out)
        return out

    def _note(self, operation: str, args: Sequence[Any], out: Tensor) -> None:
        if operation == "conv2d":
            self.macs += prod(out.shape[2:]) * args[1].numel()
        path, place = self._where(sys._getframe(2))
        name = _part(self.module, path) or operation
        shape = tuple(out.shape[1:])
        last = self.parts[-1] if self.parts else None
        if last and last.name.split("#")[0] == name:
            self.parts[-1] = replace(last, shape=shape)
            return
        into = args[0].shape[1] if isinstance(args[0], Tensor) else 0
        times = 1 + sum(part.name.split("#")[0] == name for part in self.parts)
        own = self.module.get_submodule(name) if path else None
        kernel, groups = _kernel(own)
        self.parts.append(
            Part(
                name if times == 1 else f"{name}#{times}",
                KINDS.get(type(own), "unit") if own is not None else operation,
                into,
                shape,
                (place,),
                kernel=kernel,
                groups=groups,
            )
        )

    def _where(self, frame: FrameType | None) -> tuple[str, Place]:
        """The innermost module of the frames below, and the innermost line that is shown."""
        path: str | None = None
        while frame is not None:
            owner = self.paths.get(id(frame.f_locals.get("self")))
            if path is None and owner is not None:
                path = owner
            if frame.f_code in self.codes and path is not None:
                line = frame.f_lineno - frame.f_code.co_firstlineno
                return path, (self.codes[frame.f_code], line)
            frame = frame.f_back
        raise RuntimeError("an operation from outside the block's own source")


def _kernel(own: nn.Module | None) -> tuple[int, int]:
    """Size of the filter and groups of a part that has one filter; (0, 1) for others."""
    pools = nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d
    inside = [one for one in own.modules() if isinstance(one, pools)] if own is not None else []
    if len(inside) != 1:
        return 0, 1
    size = inside[0].kernel_size
    return size[0] if isinstance(size, tuple) else size, getattr(inside[0], "groups", 1)


def _part(module: nn.Module, path: str) -> str:
    """The module's part that a path lies in: the first on the way that is no plain Sequential."""
    names: list[str] = []
    for name in path.split(".") if path else []:
        names.append(name)
        module = module.get_submodule(name)
        if type(module) is not nn.Sequential:
            break
    return ".".join(names)


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
