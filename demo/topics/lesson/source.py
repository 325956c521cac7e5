"""The source of a block as it runs, read with inspect, and which statement makes which part.

Nothing here is a copy: what is shown is the text of the functions that the app executes.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType

from torch import nn

from demo.blocks.dense import DenseBlock, DenseLayer, TransitionLayer
from demo.blocks.inception import ConvBNReLU, InceptionModule
from demo.blocks.residual import ResidualBlock, ResNeXtBlock
from demo.topics.lesson.records.code import Part, Piece, Place

CLASSES: dict[str, type[nn.Module]] = {
    one.__name__: one
    for one in (
        DenseLayer,
        DenseBlock,
        TransitionLayer,
        InceptionModule,
        ResidualBlock,
        ResNeXtBlock,
    )
}
UNITS: dict[str, tuple[type[nn.Module], ...]] = {"InceptionModule": (ConvBNReLU,)}
"""Block -> classes of its parts whose source is shown below its own."""

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, eq=False)
class Function:
    """A function that is shown. unit: the class of parts that it makes; None for the block's own.

    tree: its syntax, whose line numbers are those of the piece, from 1. code: what the interpreter
    runs, by which its frames are known.
    """

    piece: Piece
    code: CodeType
    tree: ast.FunctionDef
    unit: type[nn.Module] | None = None


@cache
def functions(name: str) -> tuple[Function, ...]:
    """All functions of a block that are shown: its own, those it inherits, those of its units.

    Of PyTorch's classes only `Sequential.forward` is shown, where it is the block's own.
    """
    block = CLASSES[name]
    shown = [
        _function(owner, fn)
        for owner in block.__mro__
        if owner.__module__.startswith("demo.")
        for fn in vars(owner).values()
        if inspect.isfunction(fn)
    ]
    if block.forward is nn.Sequential.forward:
        shown.append(_function(nn.Sequential, nn.Sequential.forward))
    for unit in UNITS.get(name, ()):
        shown.append(_function(unit, unit.__init__, unit))
    return tuple(shown)


def _function(
    owner: type[nn.Module], fn: Callable[..., object], unit: type[nn.Module] | None = None
) -> Function:
    lines, first = inspect.getsourcelines(fn)
    text = textwrap.dedent("".join(lines))
    [tree] = ast.parse(text).body
    assert isinstance(tree, ast.FunctionDef)
    file = Path(inspect.getsourcefile(fn) or "")
    inside = file.relative_to(_ROOT) if file.is_relative_to(_ROOT) else Path(*file.parts[-4:])
    if "site-packages" in file.parts:
        inside = Path(*file.parts[file.parts.index("site-packages") + 1 :])
    piece = Piece(
        f"{owner.__name__}.{fn.__name__}", inside.as_posix(), first, tuple(text.splitlines())
    )
    return Function(piece, fn.__code__, tree, unit)


def statements(function: Function) -> Iterator[ast.stmt]:
    """Its statements that hold no others, without its docstring."""
    body = function.tree.body
    documented = ast.get_docstring(function.tree) is not None
    for node in body[1:] if documented else body:
        yield from (
            one for one in ast.walk(node) if isinstance(one, ast.stmt) and not hasattr(one, "body")
        )


def span(number: int, node: ast.expr | ast.stmt) -> tuple[Place, ...]:
    """The lines of a node, as places of the piece of that number."""
    last = node.end_lineno or node.lineno
    return tuple((number, line - 1) for line in range(node.lineno, last + 1))


def made(name: str, ran: Iterable[Place]) -> dict[str, tuple[Place, ...]]:
    """Attribute, or attribute and place in it ("branch2.0") -> the lines that made it.

    "" stands for a call of the inherited `__init__` with arguments, which makes all that it makes.
    Of two statements that set the same attribute the last one that ran counts.
    """
    seen = set(ran)
    found: dict[str, tuple[Place, ...]] = {}
    for number, function in enumerate(functions(name)):
        if function.unit is not None:
            continue
        for one in statements(function):
            lines = span(number, one)
            if not seen & set(lines):
                continue
            attribute = _assigned(one)
            if attribute:
                found = {
                    key: value for key, value in found.items() if key.split(".")[0] != attribute
                }
                found.update(_inside(attribute, one, number, lines))
            elif _builds_more(one):
                found[""] = lines
    return found


def units(name: str) -> dict[str, tuple[Place, ...]]:
    """Class of a part, by name -> the lines of its own `__init__`."""
    return {
        function.unit.__name__: tuple(
            place for one in statements(function) for place in span(number, one)
        )
        for number, function in enumerate(functions(name))
        if function.unit is not None
    }


def calls(name: str, attribute: str) -> tuple[Place, ...]:
    """Lines on which `self.attribute(...)` is called."""
    return tuple(
        (number, node.lineno - 1)
        for number, function in enumerate(functions(name))
        for node in ast.walk(function.tree)
        if isinstance(node, ast.Call) and _own(node.func) == attribute
    )


def lines_of(part: Part, makers: dict[str, tuple[Place, ...]]) -> tuple[Place, ...]:
    """The lines of `made` that belong to a part."""
    path = part.name.split("#")[0]
    keys = {"", path.split(".")[0], path}
    found = {place for key in keys for place in makers.get(key, ())} if part.attribute else set()
    return tuple(sorted(found))


def _own(node: ast.expr) -> str:
    """ "conv1" for self.conv1, "" for others."""
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return node.attr if own and node.value.id == "self" else ""  # type: ignore[union-attr]


def _assigned(one: ast.stmt) -> str:
    if isinstance(one, ast.Assign):
        return _own(one.targets[0])
    return _own(one.target) if isinstance(one, ast.AnnAssign) else ""


def _inside(
    attribute: str, one: ast.stmt, number: int, lines: tuple[Place, ...]
) -> dict[str, tuple[Place, ...]]:
    """Of a plain nn.Sequential each argument is a part; the lines around them belong to all."""
    value = one.value if isinstance(one, ast.Assign | ast.AnnAssign) else None
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) == "nn.Sequential"):
        return {attribute: lines}
    each = {f"{attribute}.{i}": span(number, arg) for i, arg in enumerate(value.args)}
    inner = {place for places in each.values() for place in places}
    return {attribute: tuple(place for place in lines if place not in inner), **each}


def _builds_more(one: ast.stmt) -> bool:
    """Whether it is `super().__init__(...)` with arguments."""
    return (
        isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Call)
        and ast.unparse(one.value.func) == "super().__init__"
        and bool(one.value.args or one.value.keywords)
    )
