"""JavaScript stands in assets/, where it is formatted and linted, and not in Python's strings."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from demo.scripts import script, spare

ROOT = Path(__file__).parent.parent
SPEAKS = re.compile(r"addEventListener|querySelector|function *\(")
"""What only a script says. Gradio wants one-line arrow functions, which hand values to `four`."""


def scripts_in(source: str) -> list[int]:
    """Lines of the strings that hold more than a one-line arrow function; docstrings hold none."""
    tree = ast.parse(source)
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = set()
    for node in set(ast.walk(tree)) - said:
        if isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = [node.value]
        else:
            continue
        whole = "".join(parts)
        if SPEAKS.search(whole) or ("=>" in whole and "\n" in whole):
            found.add(node.lineno)
    return sorted(found)


def test_no_string_of_python_holds_a_script() -> None:
    files = [ROOT / "app.py", *sorted((ROOT / "demo").rglob("*.py"))]
    holding = {
        path.relative_to(ROOT).as_posix() for path in files if scripts_in(path.read_text("utf-8"))
    }
    assert holding == set()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('x = """\nelement.addEventListener("click", again);\n"""', [1]),
        ("\n\nx = f'() => {{\\n  return [{key}];\\n}}'", [3]),
        ('page.on(js="() => document.title")', []),
        ("page.on(js=f'() => four.openTab({name})')", []),
        ("page.on(js='(key, base) => (base === key ? key : base)')", []),
        ('"""For function (x)\nhere."""\ny = "function (x) {}"', [3]),
    ],
)
def test_a_script_in_a_string_is_found(source: str, lines: list[int]) -> None:
    assert scripts_in(source) == lines


def test_scripts_are_joined_in_order() -> None:
    both = script("dense_lens", "dense_growth")
    assert both == script("dense_lens") + script("dense_growth")


def test_comments_do_not_travel() -> None:
    assert spare("// why\nlet a = 'http://b'; // c\n  // more\n  a += 1;\n") == (
        "let a = 'http://b'; // c\n  a += 1;\n"
    )


def test_every_script_is_used() -> None:
    used = "".join(path.read_text("utf-8") for path in (ROOT / "demo").rglob("*.py"))
    files = (ROOT / "assets" / "script").glob("*.js")
    assert [path.stem for path in files if f'"{path.stem}"' not in used] == []
