"""A family is one row: nothing else lists the families, and nobody outside the zoo asks for one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.drawing.families import colours, signs
from demo.records.families import FAMILIES
from demo.text import LANGUAGES, entries, text
from demo.topics.compare.figures.network_sets import coloured
from demo.zoo.catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent
STYLES = [*(ROOT / "assets").rglob("*.css"), *(ROOT / "assets").rglob("*.js")]

# Who builds networks knows which they are.
MAY_ASK = ("zoo", "blocks")
THE_ROWS = "demo/records/families.py"
TAKEN_APART = {"startswith", "endswith", "removesuffix", "removeprefix", "partition", "rpartition"}


def is_family(node: ast.AST) -> bool:
    """family, row.family, self.spec.family; "densenet"; ("resnet", "resnext")."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(is_family, node.elts))
    if isinstance(node, ast.Constant):
        return node.value in FAMILIES
    return "family" in (getattr(node, "attr", ""), getattr(node, "id", ""))


def is_end_of_key(node: ast.AST) -> bool:
    """ "_v2", "mini_": what the keys of networks begin or end with."""
    value = getattr(node, "value", None)
    return isinstance(value, str) and any(
        one.key.startswith(value) or one.key.endswith(value) for one in CATALOGUE
    )


def questions(source: str) -> Iterator[str]:
    """Where a family's name decides something, or the key of a network is taken apart."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            if any(map(is_family, (node.left, *node.comparators))):
                yield f"{node.lineno} compares a family"
        elif isinstance(node, ast.Match):
            patterns = [part for case in node.cases for part in ast.walk(case.pattern)]
            values = [part.value for part in patterns if isinstance(part, ast.MatchValue)]
            if any(map(is_family, (node.subject, *values))):
                yield f"{node.lineno} compares a family"
        elif isinstance(node, ast.Subscript):
            if is_family(node.slice) and getattr(node.value, "id", "") != "FAMILIES":
                yield f"{node.lineno} looks a family up"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, of = node.func.attr, node.func.value
            if name in ("index", "get", "count") and any(map(is_family, node.args)):
                yield f"{node.lineno} looks a family up"
            is_key = "key" in (getattr(of, "attr", ""), getattr(of, "id", ""))
            if name in TAKEN_APART and is_key and any(map(is_end_of_key, node.args)):
                yield f"{node.lineno} takes a key apart"
        elif isinstance(node, ast.Dict | ast.Tuple | ast.List | ast.Set):
            members = [key for key in node.keys if key] if hasattr(node, "keys") else node.elts
            if sum(isinstance(one, ast.Constant) and is_family(one) for one in members) > 1:
                yield f"{node.lineno} lists families"


def test_nobody_outside_the_zoo_asks_for_a_family() -> None:
    found = []
    for path in [*ROOT.glob("app.py"), *sorted((ROOT / "demo").rglob("*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        if name != THE_ROWS and name.split("/")[1:2] not in [[room] for room in MAY_ASK]:
            found += [f"{name}:{where}" for where in questions(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("if spec.family == 'resnet': pass", ["1 compares a family"]),
        ("adds = family != OTHER", ["1 compares a family"]),
        ("'densenet' in name", ["1 compares a family"]),
        ("\none.kind in ('resnet', kind)", ["2 compares a family"]),
        ("match one.family:\n    case _: pass", ["1 compares a family"]),
        ("match kind:\n    case 'resnext' | 'b': pass", ["1 compares a family"]),
        ("COLOURS[row.family]", ["1 looks a family up"]),
        ("COLOURS.get(family)", ["1 looks a family up"]),
        ("ORDER.index(spec(key).family)", ["1 looks a family up"]),
        ("COLOURS = {'resnet': 'blue', 'densenet': 'green'}", ["1 lists families"]),
        ("for one in ['resnet', 'resnext']: pass", ["1 lists families"]),
        ("key.removesuffix('_v2')", ["1 takes a key apart"]),
        ("row.key.startswith('mini_')", ["1 takes a key apart"]),
        ("FAMILIES[row.family].sign", []),
        ("family_var('inception')", []),
        ("'growth' in one.capabilities", []),
        ("ID = 'densenet'", []),
        ("name.removesuffix('.weight')", []),
        ("key.startswith('gradio.')", []),
    ],
)
def test_a_question_for_a_family_is_seen(source: str, found: list[str]) -> None:
    assert list(questions(source)) == found


def test_every_network_is_of_a_family_that_has_a_row() -> None:
    assert {one.family for one in CATALOGUE} == FAMILIES.keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_family_has_its_words(lang: str) -> None:
    wanted = {f"family.idea.{key}" for key in FAMILIES}
    for key, row in FAMILIES.items():
        wanted |= {f"family.name.{key}", f"family.says.{key}"} if row.explained else set()
    assert wanted - entries(lang).keys() == set()


def test_signs_in_words() -> None:
    assert signs(text("en")) == ("+ addition, ▤ concatenation, Ψ branches, ∥ cardinality, • others")
    assert signs(text("ja")).startswith("「+」は加算、「▤」は連結、")


def test_the_rows_make_the_colours_of_the_page() -> None:
    light, dark = colours().split("\n")
    assert light.startswith(":root { --family-resnet: #0072B2; --family-densenet: #00795A;")
    assert dark.startswith(".dark { --family-resnet: #56A8DC; --family-densenet: #2CC295;")
    assert light.count("--family-") == dark.count("--family-") == 5
    assert coloured({"mini_resnext": "resnext"}) == (
        '<style>.models label:has([name="mini_resnext"])'
        " { --family: var(--family-resnext); }</style>"
    )


def test_style_and_script_use_colours_of_families_and_make_none() -> None:
    assert len(STYLES) > 10
    for path in STYLES:
        source = path.read_text("utf-8")
        assert re.findall(r"--family-\w+\s*:", source) == [], path.name
        assert set(re.findall(r"--family-(\w+)", source)) <= FAMILIES.keys(), path.name
