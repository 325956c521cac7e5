"""Numbers that a reader wrote into the fields of a block."""

from __future__ import annotations

from collections.abc import Sequence

from demo.records import Problem
from demo.topics.lesson.records.code import Block

LONGEST = 9
"""Digits: more than any field takes."""


def checked(block: Block, written: Sequence[str]) -> tuple[int, ...]:
    """The block's numbers of what somebody wrote.

    Raises:
        Problem: "code.problem.number", of the input "code.problem.side", if one is no whole number
            within its field's bounds.
    """
    found = []
    for field, value in zip(block.fields, [*written, *[""] * len(block.fields)], strict=False):
        digits = value.isascii() and value.isdecimal() and len(value) <= LONGEST
        if not digits or not field.low <= int(value) <= field.high:
            raise Problem(
                "code.problem.side" if field.name == "side" else "code.problem.number",
                name=field.name,
                value=value[:20] or "–",
                low=field.low,
                high=field.high,
            )
        found.append(int(value))
    return tuple(found)
