"""Every word that a person reads: `text(lang)(key, **values)`, from assets/text/{en,ja}/*.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES = ("en", "ja")
_FOLDER = Path(__file__).parent.parent / "assets" / "text"


def flatten(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    """Nested TOML tables -> {"compare.run": "..."}."""
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat.update(flatten(value, f"{name}."))
        else:
            flat[name] = str(value)
    return flat


@cache
def entries(lang: str) -> dict[str, str]:
    """All entries of one language, of all its files together.

    Raises:
        KeyError: if the language is unknown.
        ValueError: if two files hold the same key.
    """
    if lang not in LANGUAGES:
        raise KeyError(lang)
    table: dict[str, str] = {}
    for file in sorted((_FOLDER / lang).glob("*.toml")):
        entries_of_file = flatten(tomllib.loads(file.read_text("utf-8")))
        twice = sorted(table.keys() & entries_of_file.keys())
        if twice:
            raise ValueError(f"{file.name} repeats {', '.join(twice)}")
        table.update(entries_of_file)
    return table


class Blank(str):
    """A placeholder's name, where the page's script will fill it in: it stays in its braces."""

    def __format__(self, spec: str) -> str:
        return f"{{{self!s}:{spec}}}" if spec else f"{{{self!s}}}"


class _Filling(Formatter):
    """Fills in placeholders, plural forms among them: see `Words`."""

    def format_field(self, value: object, spec: str) -> str:
        one, bar, more = spec.partition("|")
        if not bar or isinstance(value, Blank):
            return format(value, spec)
        return one if str(value) == "1" else more


_FILLING = _Filling()


@dataclass(frozen=True)
class Words:
    """What is said in one language; see `text`."""

    lang: str

    def sentences(self, *sentences: str) -> str:
        """One after the other; Japanese puts no space between them."""
        return ("" if self.lang == "ja" else " ").join(filter(None, sentences))

    def __call__(self, key: str, **values: object) -> str:
        """The entry of that key, with {placeholders} filled in.

        "{count} {count:layer|layers}" gives "1 layer" and "2 layers"; assets/script/words.js does
        the same with what is a `Blank` here.

        Raises:
            KeyError: on a key or a placeholder value that is missing.
        """
        return _FILLING.format(entries(self.lang)[key], **values)


@cache
def text(lang: str) -> Words:
    """The words of one language.

    Raises:
        KeyError: if the language is unknown.
    """
    entries(lang)
    return Words(lang)
