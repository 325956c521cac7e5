"""The arrows between roles of files, read from the import statements: none points back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent


class Role(NamedTuple):
    """What files of one role may import: roles of ours, and the heavy libraries."""

    ours: str = ""
    heavy: str = ""


BASE = "records text cache labels lane memory settings temporary visitor scripts"
HOUSE = f"{BASE} photo examples blocks zoo trace lab engine drawing page"
OWN = "own.records own.numbers own.explanations own.figures"

# A role that is not in this table may not exist. Files may import others of their role, the
# standard library, numpy and Pillow. "own.x" is role x of the same topic: none imports another's.
ROLES = {
    "records": Role(),
    "text": Role(),
    "scripts": Role(),
    "cache": Role(),
    "labels": Role("records text"),
    "lane": Role("records"),
    "memory": Role(),
    "settings": Role("records text"),
    "temporary": Role(),
    "visitor": Role(),
    "photo": Role("records cache"),
    "examples": Role("records"),
    "blocks": Role("", "torch"),
    "zoo": Role("blocks records text labels cache memory settings", "torch"),
    "trace": Role("zoo blocks records cache", "torch"),
    "engine": Role("trace zoo blocks records cache memory settings", "torch ray"),
    "lab": Role("zoo blocks records cache", "torch"),
    "drawing": Role("records text labels scripts cache", "plotly"),
    "own.records": Role("records"),
    "own.numbers": Role("records own.records"),
    "own.explanations": Role(
        "engine trace zoo blocks records cache settings own.records own.numbers", "torch"
    ),
    "own.figures": Role("drawing records text labels scripts own.records", "plotly"),
    "own.scenes": Role(f"{HOUSE} {OWN}", "gradio torch"),
    "own.api": Role(f"{HOUSE} {OWN} own.scenes", "gradio torch"),
    "own.topic": Role(f"{HOUSE} {OWN} own.scenes own.api", "gradio torch"),
    "page": Role(f"{BASE} photo examples blocks zoo trace lab engine drawing", "gradio torch"),
    "order": Role("page own.topic"),
    "server": Role("records text memory settings temporary visitor photo page", "gradio"),
    "app": Role(f"{HOUSE} order server", "gradio torch"),
}

# In a topic's folder: the file or folder of this name -> its role. All others are explanations.
IN_A_TOPIC = {
    "records": "own.records",
    "numbers": "own.numbers",
    "figures": "own.figures",
    "scenes": "own.scenes",
    "topic": "own.topic",
    "api": "own.api",
}

# The topic whose files may import what other topics know of numbers; nobody imports it.
READER = "lesson"
READ = ("own.records", "own.numbers")

# The libraries that only some roles may know, by the name that the table gives each group.
HEAVY = {
    "torch": "torch",
    "torchvision": "torch",
    "timm": "torch",
    "captum": "torch",
    "safetensors": "torch",
    "gradio": "gradio",
    "gradio_client": "gradio",
    "plotly": "plotly",
    "ray": "ray",
}

# A bare import of these fails beside a CPU-only torch.
THROUGH_VISION = ("torchvision", "timm")


class Import(NamedTuple):
    line: int
    module: str


def role_of(module: str) -> str:
    """ "demo.zoo.spec" -> "zoo"; "demo.topics.dense.api" -> "own.api"; "" for what is not ours."""
    parts = module.split(".")
    if parts[0] == "app":
        return "app"
    if parts[0] != "demo" or len(parts) == 1:
        return ""
    if parts[1] != "topics":
        return parts[1]
    if parts[2:3] in ([], ["order"]):
        return "order"
    return IN_A_TOPIC.get("".join(parts[3:4]), "own.explanations")


def topic_of(module: str) -> str:
    """ "demo.topics.dense.api" -> "dense"; "" outside the topics."""
    parts = module.split(".")
    inside = parts[:2] == ["demo", "topics"] and role_of(module) != "order"
    return parts[2] if inside else ""


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
            # `from demo import records` imports a role, `from demo.records import Box` a name;
            # in a topic it may be either.
            inside = base == "demo" or base.startswith("demo.topics")
            names = [f"{base}.{name.name}" for name in node.names] if inside else [base]
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
    role, wanted, library = role_of(module), role_of(target), target.split(".")[0]
    if not role:
        return f"{module} imports {target}" if wanted else ""
    if role not in ROLES:
        return f"{role} is not in the table"
    if wanted and wanted != role and wanted not in ROLES[role].ours.split():
        return f"{role} -> {wanted} points back"
    mine, other = topic_of(module), topic_of(target)
    if mine and other and mine != other and not (mine == READER and wanted in READ):
        return f"the topic {mine} imports the topic {other}"
    if library in HEAVY and HEAVY[library] not in ROLES[role].heavy.split():
        return f"{role} may not see {library}"
    if library in THROUGH_VISION and module != "demo.zoo.vision":
        return f"{library} must come from demo.zoo.vision"
    return ""


def test_no_arrow_points_back() -> None:
    assert wrong_arrows(ROOT) == []


def test_the_table_has_no_ring() -> None:
    order = list(TopologicalSorter({k: v.ours.split() for k, v in ROLES.items()}).static_order())
    assert order[-1] == "app"


def test_the_table_names_only_roles_and_groups_that_it_has() -> None:
    assert {name for role in ROLES.values() for name in role.ours.split()} <= set(ROLES)
    assert {name for role in ROLES.values() for name in role.heavy.split()} == set(HEAVY.values())


A, NU, EX, BACK = "demo/topics/a", "own.numbers", "own.explanations", "points back"
L = "demo/topics/lesson"
OTHER = "1 the topic a imports the topic b"


@pytest.mark.parametrize(
    ("file", "source", "found"),
    [
        ("demo/records.py", "from demo.text import text", "1 records -> text points back"),
        ("demo/blocks/dense.py", "from demo import zoo", "1 blocks -> zoo points back"),
        ("demo/zoo/loading.py", "\nimport demo.engine.predict", "2 zoo -> engine points back"),
        ("demo/zoo/loading.py", "from ..trace import Trace", "1 zoo -> trace points back"),
        ("demo/zoo/__init__.py", "from ..trace import Trace", "1 zoo -> trace points back"),
        ("demo/trace.py", "def f():\n    from .lab import data", "2 trace -> lab points back"),
        ("demo/engine/x.py", "from demo.page import y", "1 engine -> page points back"),
        ("demo/engine/x.py", "from demo.topics.dense import x", f"1 engine -> {EX} points back"),
        ("demo/drawing/bars.py", "import torch.nn", "1 drawing may not see torch"),
        ("demo/engine/x.py", "import gradio as gr", "1 engine may not see gradio"),
        ("demo/engine/x.py", "import timm", "1 timm must come from demo.zoo.vision"),
        ("demo/page/shell.py", "import demo.topics.order", "1 page -> order points back"),
        ("demo/page/page.py", "import app", "1 page -> app points back"),
        ("demo/cellar.py", "import os", "1 cellar is not in the table"),
        ("demo/__init__.py", "from demo import zoo", "1 demo imports demo.zoo"),
        (f"{A}/records.py", "from demo.topics.a import numbers", f"1 own.records -> {NU} {BACK}"),
        (f"{A}/numbers/x.py", "import demo.engine.runs", f"1 {NU} -> engine {BACK}"),
        (f"{A}/x.py", "import demo.topics.a.figures.y", f"1 {EX} -> own.figures {BACK}"),
        (f"{A}/figures/x.py", "from demo.topics.a import y", f"1 own.figures -> {EX} {BACK}"),
        (f"{A}/figures/x.py", "import torch", "1 own.figures may not see torch"),
        (f"{A}/scenes/x.py", "import demo.topics.order", f"1 own.scenes -> order {BACK}"),
        (f"{A}/api.py", "from demo.topics.b import x", OTHER),
        (f"{A}/topic.py", "from demo.topics.b.topic import B", OTHER),
        (f"{A}/records.py", "from demo.topics.b.records import R", OTHER),
        (f"{A}/x.py", "import demo.topics.lesson.records", OTHER.replace("b", "lesson")),
        (f"{L}/x.py", "import demo.topics.b.explain", "1 the topic lesson imports the topic b"),
        (f"{L}/records.py", "import demo.topics.b.numbers", f"1 own.records -> {NU} {BACK}"),
        (f"{L}/figures/x.py", "import demo.topics.b.numbers", f"1 own.figures -> {NU} {BACK}"),
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
        ("demo/drawing/bars.py", "import plotly.graph_objects as go\nimport demo.records"),
        ("app.py", "import gradio\nfrom demo.page import shell\nimport demo.topics.order"),
        (f"{A}/records.py", "from demo.records import Box"),
        (f"{A}/numbers.py", "from demo.topics.a.records import R"),
        (f"{A}/x.py", "import torch\nfrom demo.topics.a import numbers, y"),
        (f"{A}/figures/x.py", "import plotly\nfrom demo.topics.a.figures import y"),
        (f"{A}/topic.py", "import gradio\nfrom demo.topics.a import api, scenes, x"),
        (f"{L}/numbers.py", "from demo.topics.a.numbers import x\nimport demo.topics.b.records"),
        (f"{L}/x.py", "from demo.topics.a.numbers.y import z\nfrom demo.topics.b import records"),
        ("demo/topics/order.py", "from demo.topics.a.topic import A"),
    ],
)
def test_an_allowed_import_passes(tmp_path: Path, file: str, source: str) -> None:
    write(tmp_path, file, source)
    assert wrong_arrows(tmp_path) == []


def write(root: Path, file: str, source: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
