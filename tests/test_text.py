"""Every word of the page is in both language files, and no word of it is anywhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

from demo.page.chapters import chapters
from demo.text import LANGUAGES, Blank, entries, text

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "demo").rglob("*.py"), *ROOT.glob("app.py")])
SHOW = {"page", "drawing", "figures", "scenes", "topic.py", "api.py", "app.py"}
PAGES = [path for path in SOURCES if SHOW & {*path.parts}]

# What calls for an entry by its key: the functions that `text(lang)` gives, and a Problem.
CALLS_FOR_WORDS = {"words", "t", "Problem"}

# Where a Gradio or Plotly call takes words that are shown, beside its positional arguments.
SHOWN = {"label", "value", "placeholder", "info", "title", "name", "text", "hovertemplate"}

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

# Names and units that a Japanese entry may consist of; beside them only digits and signs.
NAMES = re.compile(
    r"ResNet|DenseNet|Inception|ResNeXt|GoogLeNet|MobileNet|EfficientNet|Lite0"
    r"|(?:Guided )?Grad-CAM|HiRes-CAM|Captum"
    r"|CIFAR|ImageNet|Gradio|PyTorch|torchvision|English|PNG|CSV|JSON|API|EN|MACs?|top|softmax"
    r"|viridis|inferno|magma|cividis|plasma"
    r"|\b(?:[kKMG]?B|[kMG]|s|ms|px|[nkxyCHW]|v[1-3]|V[12])\b"
)


class Use(NamedTuple):
    """One call for an entry: its key as a pattern, and the values it gives (None: unknown)."""

    line: int
    pattern: str
    values: frozenset[str] | None


def placeholders(entry: str) -> set[str]:
    """ "{mb:.0f} of {all}" -> {"mb", "all"}."""
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(entry) if name}


def called(node: ast.Call) -> str:
    """The last name of what is called: gr.Button(...) -> "Button", text("en")(...) -> "words"."""
    if isinstance(node.func, ast.Call) and called(node.func) == "text":
        return "words"
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def strings(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Texts that an expression can be, each with whether it is whole.

    "a" if x else "b" gives both; in an f-string what is computed stands as "\\0".
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value, True
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        parts = [v.value if isinstance(v, ast.Constant) else "\0" for v in node.values]
        yield "".join(map(str, parts)), False


def uses(source: str) -> Iterator[Use]:
    """The calls for an entry in a source whose key can be read there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and called(node) in CALLS_FOR_WORDS and node.args:
            given = [keyword.arg for keyword in node.keywords]
            values = None if None in given else frozenset(str(name) for name in given)
            for key, _ in strings(node.args[0]):
                yield Use(node.lineno, re.escape(key).replace("\0", ".+"), values)


def wrong_uses(source: str, table: dict[str, str]) -> list[str]:
    """Calls for an entry that is not there, or without a value that the entry needs."""
    found = []
    for line, pattern, values in uses(source):
        keys = [key for key in table if re.fullmatch(pattern, key)]
        if not keys:
            found.append(f"{line} no entry {pattern}")
        for key in keys:
            missing = sorted(placeholders(table[key]) - values) if values is not None else []
            found.extend(f"{line} {key} needs {name}" for name in missing)
    return found


def unused_keys(sources: Iterable[str], table: dict[str, str]) -> list[str]:
    """Entries that no source calls for, neither by name nor by a name that it puts together.

    An f-string calls for a key where what it computes can be there too: as a string, a field of a
    record, a number or another f-string; so `f"source.{card.source}"` calls for "source.trained"
    only where a source knows of "trained". startswith("gradio.") calls for all that begin so.
    """
    whole, made, groups = set[str](), set[str](), set[str]()
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            made.update(text for text, _ in strings(node))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            whole.add(node.target.id)
        elif isinstance(node, ast.Call) and called(node) == "startswith":
            groups.update(text for text, _ in strings(node.args[0]) if text.endswith("."))

    def known(part: str, head: str = "") -> bool:
        if part in whole or part.isdecimal():
            return True
        pieces = (
            re.fullmatch(re.escape(text).replace("\0", "(.+)"), part)
            for text in made
            # A key begins with its table's name; what is all computed would be any part.
            if (head in text.split("\0")[0] if head else re.search("[a-z]{2}", text))
        )
        return any(all(known(group) for group in match.groups()) for match in pieces if match)

    return [key for key in table if not key.startswith(tuple(groups)) and not known(key, ".")]


def sentences(source: str) -> list[str]:
    """Literal words, two or more, that a page would show without asking the language files."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        shown = [keyword.value for keyword in node.keywords if keyword.arg in SHOWN]
        if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "gr":
            shown.extend(node.args)
        for value, _ in (pair for argument in shown for pair in strings(argument)):
            # Tags, entities, Plotly's %{x} and style declarations are not words.
            plain = re.sub(r"<(style|script).*?</\1>|<[^>]*>|&\w+;|%\{[^}]*\}|\0", " ", value)
            if re.search(r"[^\W\d_]{2,}[,;:]? +[^\W\d_]{2,}", plain):
                found.append(f"{node.lineno} {plain.strip()}")
    return found


def speaks_japanese(entry: str) -> bool:
    """Whether it has Japanese characters, or nothing in it could: names, units and formulas."""
    bare = re.sub(r"\{[^}]*\}|<[^>]*>", " ", entry)
    return bool(JAPANESE.search(bare)) or not re.search(r"[^\W\d_]", NAMES.sub(" ", bare))


def test_both_languages_have_the_same_keys() -> None:
    english, japanese = set(entries("en")), set(entries("ja"))
    assert sorted(english - japanese) == []
    assert sorted(japanese - english) == []
    assert english


def test_both_languages_have_the_same_placeholders() -> None:
    english, japanese = entries("en"), entries("ja")
    shared = english.keys() & japanese.keys()
    assert [k for k in shared if placeholders(english[k]) != placeholders(japanese[k])] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_entry_is_empty(lang: str) -> None:
    assert [key for key, entry in entries(lang).items() if not entry.strip()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_can_be_filled_in(lang: str) -> None:
    for key, entry in entries(lang).items():
        # A number fits a plain placeholder and one with a number's format.
        assert text(lang)(key, **dict.fromkeys(placeholders(entry), 1)), key


def test_japanese_entries_are_japanese() -> None:
    assert [key for key, entry in entries("ja").items() if not speaks_japanese(entry)] == []


def test_every_key_in_the_code_has_its_entry() -> None:
    assert in_files(SOURCES, lambda source: wrong_uses(source, entries("en"))) == []


def test_every_entry_is_called_for() -> None:
    # Chapters are data of their own: their names make keys as a literal in the code does.
    named = repr([[one.id, *(claim.name for claim in one.claims)] for one in chapters()])
    sources = [named, *(path.read_text("utf-8") for path in SOURCES)]
    assert unused_keys(sources, entries("en")) == []


def test_no_sentence_of_the_page_is_in_the_code() -> None:
    assert in_files(PAGES, sentences) == []


def test_what_is_counted_may_be_one() -> None:
    found = {key: re.findall(r"\{count\} [a-z]+s\b", one) for key, one in entries("en").items()}
    assert {key: words for key, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("train.count", {"count": 1}, "1 photo"),
        ("train.count_shown", {"count": 15, "shown": 14}, "15 photos, 14 of them shown"),
        ("train.reading", {"count": 1}, "1 photo has been read so far."),
        (
            "train.learned_say",
            {"right": 1, "held": 2, "share": "50.0 %", "low": "9", "high": "91"},
            "1 of 2 photos held out is right: 50.0 %. With so few photos the true share lies"
            " between 9 and 91 % (95 % interval).",
        ),
        ("compare.answering", {"done": 0, "count": 1}, "0 of 1 network have answered."),
        ("compare.answered_photos", {"done": 1, "count": 3}, "1 of 3 photos is done."),
        ("residual.groups", {"c": 1}, "1 group"),
        ("code.kept", {"count": 1}, "The first 1 channel is x, number for number."),
    ],
)
def test_one_is_said_as_one(key: str, values: dict[str, object], said: str) -> None:
    assert text("en")(key, **values) == said


def in_files(paths: list[Path], check: Callable[[str], list[str]]) -> list[str]:
    """What a check finds in each source, as "file:line what"."""
    return [
        f"{path.relative_to(ROOT)}:{found}"
        for path in paths
        for found in check(path.read_text("utf-8"))
    ]


TABLE = {"run": "Run", "photo.size": "{width} x {height:.1f}", "label.cat": "a", "label.dog": "b"}
LABELS = ("label.cat", "label.dog")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("words('run')", []),
        ("words('walk')", ["1 no entry walk"]),
        ("\nraise Problem('photo.size', width=3)", ["2 photo.size needs height"]),
        ("Problem('photo.size', width=3, height=4)", []),
        ("words('photo.size', **values)", []),
        ("self.words('run' if x else 'walk')", ["1 no entry walk"]),
        ("text('en')('walk')", ["1 no entry walk"]),
        ("t(f'label.{name}')", []),
        ("t(f'colour.{name}')", ["1 no entry colour\\..+"]),
        ("words(problem.key, **problem.values)", []),
    ],
)
def test_a_wrong_use_is_seen(source: str, found: list[str]) -> None:
    assert wrong_uses(source, TABLE) == found


@pytest.mark.parametrize(
    ("source", "unused"),
    [
        ("words('run'); KEY = 'photo.size'", ["label.cat", "label.dog"]),
        ("KEYS = ('run', 'photo.size'); t(f'label.{name}')", ["label.cat", "label.dog"]),
        ("KEYS = ('run', 'photo.size', 'cat'); t(f'label.{name}')", ["label.dog"]),
        ("KEYS = ('run', 'photo.size')\nclass Box:\n    cat: int\nt(f'label.{x}')", ["label.dog"]),
        ("words('run'); key.startswith('label.')", ["photo.size"]),
        ("words('run'); f'{name}'; f'label.c{x}'; f'{a}.{b}'", ["photo.size", *LABELS]),
        ("KEYS = ('run', 'photo.size', 'at', 'og'); f'c{x}'; f'd{x}'; f'label.{x}'", [*LABELS]),
        ("KEYS = ('run', 'photo.size', 'g'); f'do{x}'; f'label.{x}'", ["label.cat"]),
    ],
)
def test_an_entry_that_nothing_calls_for_is_seen(source: str, unused: list[str]) -> None:
    assert unused_keys([source], TABLE) == unused


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("gr.Button('Compare now')", ["1 Compare now"]),
        ("gr.Image(label='Your photo', elem_id='a b')", ["1 Your photo"]),
        ("gr.Markdown(f'**{n}** photos are ready')", ["1 ** ** photos are ready"]),
        ("gr.HTML('<p class=\"big card\">写真を 選んでください</p>')", ["1 写真を 選んでください"]),
        ("figure.update_layout(title='Depth in layers')", ["1 Depth in layers"]),
        ("go.Bar(hovertemplate='%{x} of all maps')", ["1 of all maps"]),
        ("gr.Button(words('compare.run'))", []),
        ("gr.HTML('<div class=\"card wide\"></div>')", []),
        ("go.Bar(hovertemplate='%{y}: %{x:.1%}<extra></extra>', name=label)", []),
        ("gr.Image(label='', type='filepath')", []),
        ("print('a line of the terminal')", []),
    ],
)
def test_a_sentence_in_the_code_is_seen(source: str, found: list[str]) -> None:
    assert sentences(source) == found


@pytest.mark.parametrize(
    ("entry", "japanese"),
    [
        ("写真を選んでください。", True),
        ("{mb} MB / {all} MB", True),
        ("Grad-CAM", True),
        ("k = 32, {n} px", True),
        ("Choose a photo", False),
        ("{n} photos", False),
    ],
)
def test_what_counts_as_japanese(entry: str, japanese: bool) -> None:
    assert speaks_japanese(entry) is japanese


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 layer remains"),
        ("1", "1 layer remains"),
        (2, "2 layers remain"),
        (0, "0 layers remain"),
        ("1.0", "1.0 layers remain"),
        ("1,024", "1,024 layers remain"),
        (Blank("n"), "{n} {n:layer remains|layers remain}"),
    ],
)
def test_a_word_follows_its_count(
    monkeypatch: pytest.MonkeyPatch, count: object, said: str
) -> None:
    monkeypatch.setattr(
        "demo.text.entries", lambda lang: {"left": "{n} {n:layer remains|layers remain}"}
    )
    assert text("en")("left", n=count) == said


def test_only_english_has_two_forms() -> None:
    forms = re.compile(r"\{\w+:[^{}]*\|")
    assert [key for key, entry in entries("ja").items() if forms.search(entry)] == []
    assert len([entry for entry in entries("en").values() if forms.search(entry)]) > 10
    assert entries("en")["densenet.grow.layers"] == "{count} {count:layer|layers}"


def test_placeholders() -> None:
    assert placeholders("{mb:.0f} of {all}, {box.left} {rows[0]}, {{not}}") == {
        "mb",
        "all",
        "box",
        "rows",
    }
