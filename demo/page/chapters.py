"""The chapters of the path through the lecture, as data: a file each in assets/path/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from demo.records.condition import Condition

_FOLDER = Path(__file__).parent.parent.parent / "assets" / "path"

Status = Literal["shown", "paper", "claimed"]
"""Of what the lecture says: it is seen here, the paper measured it, or it is only said."""


@dataclass(frozen=True)
class Done:
    """When a chapter is done: all conditions hold, and the address says so of these controls."""

    conditions: tuple[Condition, ...] = ()
    link: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def told(self) -> dict[str, Any]:
        """As the page's script reads it."""
        return {"conditions": [vars(one) for one in self.conditions], "link": dict(self.link)}


@dataclass(frozen=True)
class Claim:
    """What the lecture says, how far that is shown, and in which other scene, "" for none."""

    name: str
    status: Status
    scene: str = ""


@dataclass(frozen=True)
class Chapter:
    """One step of the path; its words are the texts "path.ID.…".

    scene: where it plays. exercise: the first of its exercises, as links name it. state: what it
    sets there, as links name and write it.
    """

    id: str
    scene: str
    exercise: str
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
        said["exercise"],
        MappingProxyType(said["state"]),
        Done(
            tuple(Condition(**one) for one in done.get("conditions", ())),
            MappingProxyType(done.get("link", {})),
        ),
        tuple(Claim(*claim) for claim in said.get("claims", ())),
    )
