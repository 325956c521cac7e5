"""What a block does while it runs: which lines, which parts, which shapes.

What a line calls is watched, not guessed: every tensor operation knows the frames below it, and
with them the line of the block's own source, and the module that it belongs to.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from math import prod
from types import FrameType
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from demo.topics.lesson.records.code import Part, Place

KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: "conv",
    nn.BatchNorm2d: "norm",
    nn.ReLU: "relu",
    nn.AvgPool2d: "average",
    nn.MaxPool2d: "max",
    nn.Identity: "identity",
}


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
