"""The chapters of the path through the lecture, as data: a file each in assets/path/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

_FOLDER = Path(__file__).parent.parent.parent / "assets" / "path"

Status = Literal["shown", "paper", "claimed"]
"""Of what the lecture says: it is seen here, the paper measured it, or it is only said."""


@dataclass(frozen=True)
class Done:
    """When a chapter is done: all of it must hold, on its own scene.

    see: CSS selectors, each of which finds something in the scene. attribute: of what the first of
    them finds, a number that is `at_least` so large. link: what the address says of controls.
    """

    see: tuple[str, ...] = ()
    attribute: str = ""
    at_least: float | None = None
    link: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def told(self) -> dict[str, Any]:
        """As the page's script reads it."""
        return {
            "see": self.see,
            "attribute": self.attribute,
            "atLeast": self.at_least,
            "link": dict(self.link),
        }


@dataclass(frozen=True)
class Claim:
    """What the lecture says, how far that is shown, and in which other scene, "" for none."""

    name: str
    status: Status
    scene: str = ""


@dataclass(frozen=True)
class Chapter:
    """One step of the path; its words are the texts "path.ID.…".

    scene: where it plays. state: what it sets there, as links name and write it.
    """

    id: str
    scene: str
    state: Mapping[str, str]
    done: Done
    claims: tuple[Claim, ...] = ()


@cache
def chapters() -> tuple[Chapter, ...]:
    """All of them, in the lecture's order, which is that of the files' names."""
    return tuple(_read(path) for path in sorted(_FOLDER.glob("*.toml")))


def _read(path: Path) -> Chapter:
    said = tomllib.loads(path.read_text("utf-8"))
    done = said["done"]
    return Chapter(
        path.stem.partition("-")[2],
        said["scene"],
        MappingProxyType(said["state"]),
        Done(
            tuple(done.get("see", ())),
            done.get("attribute", ""),
            done.get("at_least"),
            MappingProxyType(done.get("link", {})),
        ),
        tuple(Claim(*claim) for claim in said.get("claims", ())),
    )
