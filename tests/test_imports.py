"""The arrows between the rooms, read from the import statements: none points back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent


class Room(NamedTuple):
    """What one room may import: rooms of ours, and the heavy libraries."""

    ours: str = ""
    heavy: str = ""


NUMBERS = "records text cache arithmetic"
BASE = "settings temporary visitor labels lane gpu photo scenes"
HOUSE = f"{NUMBERS} {BASE} blocks zoo trace explain lab figures scripts"

# A room that is not in this table may not exist. Every room may import itself, the standard
# library, numpy and Pillow.
ROOMS = {
    "records": Room(),
    "text": Room(),
    "scripts": Room(),
    "cache": Room(),
    "labels": Room("records text"),
    "lane": Room("records"),
    "gpu": Room(),
    "settings": Room("records text"),
    "temporary": Room(),
    "visitor": Room(),
    "arithmetic": Room("records"),
    "photo": Room("records cache"),
    "scenes": Room("records"),
    "blocks": Room("", "torch"),
    "zoo": Room("blocks records text labels cache settings", "torch"),
    "trace": Room("zoo blocks records cache", "torch"),
    "explain": Room("trace zoo blocks records cache settings", "torch"),
    "lab": Room("zoo blocks records cache", "torch"),
    "figures": Room("records text labels scripts", "plotly"),
    "tabs": Room(HOUSE, "gradio torch"),
    "server": Room("records text settings temporary visitor photo tabs", "gradio"),
    "app": Room(f"{HOUSE} tabs server", "gradio torch"),
}

# The libraries that only some rooms may know, by the name that the table gives each group.
HEAVY = {
    "torch": "torch",
    "torchvision": "torch",
    "timm": "torch",
    "captum": "torch",
    "safetensors": "torch",
    "gradio": "gradio",
    "gradio_client": "gradio",
    "plotly": "plotly",
}

# A bare import of these fails beside a CPU-only torch.
THROUGH_VISION = ("torchvision", "timm")


class Import(NamedTuple):
    line: int
    module: str


def room_of(module: str) -> str:
    """ "demo.zoo.spec" -> "zoo"; "app" -> "app"; "" for what is not ours."""
    parts = module.split(".")
    if parts[0] == "app":
        return "app"
    return parts[1] if parts[0] == "demo" and len(parts) > 1 else ""


def module_of(path: Path, root: Path) -> str:
    """root/demo/zoo/spec.py -> "demo.zoo.spec"; a package's __init__.py -> the package."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source: str, package: str) -> Iterator[Import]:
    """Every import in it, wherever it stands: at the top, in a function, for type checkers only.

    package: the dotted name of the package that the file is in, for relative imports.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            # `from demo import records` imports a room, `from demo.records import Box` a name.
            names = [f"{base}.{name.name}" for name in node.names] if base == "demo" else [base]
            yield from (Import(node.lineno, name) for name in names)


def wrong_arrows(root: Path) -> list[str]:
    """Each forbidden import under root/demo and in root/app.py, as "file:line why"."""
    found = []
    files = [path for path in (root / "app.py",) if path.exists()]
    for path in [*files, *sorted((root / "demo").rglob("*.py"))]:
        module = module_of(path, root)
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for line, target in imports(path.read_text("utf-8"), package):
            why = refusal(module, target)
            if why:
                found.append(f"{path.relative_to(root).as_posix()}:{line} {why}")
    return found


def refusal(module: str, target: str) -> str:
    """Why `module` may not import `target`, "" if it may."""
    room, wanted, library = room_of(module), room_of(target), target.split(".")[0]
    if not room:
        return f"{module} imports {target}" if wanted else ""
    if room not in ROOMS:
        return f"the room {room} is not in the table"
    if wanted and wanted != room and wanted not in ROOMS[room].ours.split():
        return f"{room} -> {wanted} points back"
    if library in HEAVY and HEAVY[library] not in ROOMS[room].heavy.split():
        return f"{room} may not see {library}"
    if library in THROUGH_VISION and module != "demo.zoo.vision":
        return f"{library} must come from demo.zoo.vision"
    return ""


def test_no_arrow_points_back() -> None:
    assert wrong_arrows(ROOT) == []


def test_the_table_has_no_ring() -> None:
    order = list(TopologicalSorter({k: v.ours.split() for k, v in ROOMS.items()}).static_order())
    assert order[-1] == "app"


def test_the_table_names_only_rooms_and_groups_that_it_has() -> None:
    assert {name for room in ROOMS.values() for name in room.ours.split()} <= set(ROOMS)
    assert {name for room in ROOMS.values() for name in room.heavy.split()} == set(HEAVY.values())


@pytest.mark.parametrize(
    ("file", "source", "found"),
    [
        ("demo/records.py", "from demo.text import text", "1 records -> text points back"),
        ("demo/blocks/dense.py", "from demo import zoo", "1 blocks -> zoo points back"),
        ("demo/zoo/loading.py", "\nimport demo.explain.predict", "2 zoo -> explain points back"),
        ("demo/zoo/loading.py", "from ..trace import Trace", "1 zoo -> trace points back"),
        ("demo/zoo/__init__.py", "from ..trace import Trace", "1 zoo -> trace points back"),
        ("demo/trace.py", "def f():\n    from .lab import data", "2 trace -> lab points back"),
        ("demo/explain/x.py", "from demo.tabs import y", "1 explain -> tabs points back"),
        ("demo/figures/bars.py", "import torch.nn", "1 figures may not see torch"),
        ("demo/figures/bars.py", "from demo.explain import x", "1 figures -> explain points back"),
        ("demo/explain/x.py", "import gradio as gr", "1 explain may not see gradio"),
        ("demo/explain/x.py", "import timm", "1 timm must come from demo.zoo.vision"),
        ("demo/tabs/compare.py", "import app", "1 tabs -> app points back"),
        ("demo/cellar.py", "import os", "1 the room cellar is not in the table"),
        ("demo/__init__.py", "from demo import zoo", "1 demo imports demo.zoo"),
    ],
)
def test_a_forbidden_import_is_seen(tmp_path: Path, file: str, source: str, found: str) -> None:
    write(tmp_path, file, source)
    assert wrong_arrows(tmp_path) == [f"{file}:{found}"]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("demo/zoo/vision.py", "import torch\nimport torchvision\nimport timm.optim"),
        ("demo/zoo/loading.py", "from demo.zoo.spec import Layer\nfrom . import weights"),
        ("demo/blocks/networks.py", "from demo.blocks.dense import DenseBlock\nimport torch"),
        ("demo/figures/bars.py", "import plotly.graph_objects as go\nimport demo.records"),
        ("demo/tabs/compare.py", "import gradio as gr\nfrom demo import explain, figures"),
        ("app.py", "import gradio\nfrom demo.tabs import compare"),
    ],
)
def test_an_allowed_import_passes(tmp_path: Path, file: str, source: str) -> None:
    write(tmp_path, file, source)
    assert wrong_arrows(tmp_path) == []


def write(root: Path, file: str, source: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
