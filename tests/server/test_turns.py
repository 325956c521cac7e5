"""A visitor's questions come a few at a time."""

from __future__ import annotations

import asyncio

import pytest

from demo.server.turns import Turns
from tests.loops import finished


def test_one_visitors_third_question_waits_and_anothers_first_does_not() -> None:
    async def asked() -> list[str]:
        turns, over, order = Turns(at_once=2), asyncio.Event(), []

        async def ask(visitor: str) -> None:
            async with turns.turn(visitor):
                order.append(visitor)
                await over.wait()

        asking = [asyncio.create_task(ask(visitor)) for visitor in ("a", "a", "a", "b")]
        while len(order) < 3:
            await asyncio.sleep(0)
        before = list(order)
        over.set()
        await asyncio.gather(*asking)
        return [*before, "|", *order[3:]]

    assert finished(asked()) == ["a", "a", "b", "|", "a"]


def test_nothing_is_kept_of_those_who_have_left_or_given_up() -> None:
    async def asked() -> int:
        turns = Turns(at_once=1)

        async def ask() -> None:
            async with turns.turn("a"):
                raise ValueError("refused")

        async with turns.turn("a"):
            waiting = asyncio.create_task(ask())
            gone = asyncio.create_task(ask())
            await asyncio.sleep(0)
            gone.cancel()
        for task, why in ((waiting, ValueError), (gone, asyncio.CancelledError)):
            with pytest.raises(why):
                await task
        return len(turns._visitors)

    assert finished(asked()) == 0
