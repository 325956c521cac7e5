"""What must be seen in a live scene for something to count as done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Op = Literal["==", "<=", ">=", "<", ">"]


@dataclass(frozen=True)
class Condition:
    """An element of the page that must be there, and `attribute op value` of it, as numbers.

    attribute: "" where it is enough that the element is there.
    """

    selector: str
    attribute: str = ""
    op: Op = "=="
    value: float = 0.0
