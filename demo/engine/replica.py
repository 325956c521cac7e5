"""What answers in a cluster: one process of Ray Serve's deployment, on one core.

It keeps networks and what it has worked out about photos as any process of this project does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from ray import serve

from demo.engine.errand import Errand
from demo.engine.worker import modest
from demo.records import Photo

PARTING = 0.1
"""Seconds in which an answer has left this process."""


class Replica:
    """Answers one question at a time; between two steps of one, others come in."""

    def __init__(self) -> None:
        modest()
        self._hand = ThreadPoolExecutor(1, "networks", _one_thread)
        self._turn = asyncio.Lock()

    @serve.multiplexed(max_num_models_per_replica=-1)
    async def home(self, key: str) -> str:
        """Note that the network of that key is at home here, so that questions to it come here.

        It is loaded, kept and dropped as everywhere, by `loading`, with its own bound on memory.
        """
        return key

    async def answer(self, packed: bytes, again: bool, *photos: Photo) -> AsyncIterator[bytes]:
        """What `Errand` says of the question, piece by piece.

        again: whether somebody asks again, since a process ended over it: before it may end this
            one, what the others were told has a moment to leave.
        """
        await self.home(serve.get_multiplexed_model_id())
        loop = asyncio.get_running_loop()
        said: asyncio.Queue[bytes | None] = asyncio.Queue()

        def say(reply: bytes | None) -> None:
            loop.call_soon_threadsafe(said.put_nowait, reply)

        errand = Errand(packed, photos, say)
        try:
            more = True
            while more:
                async with self._turn:
                    if again:
                        await asyncio.sleep(PARTING)
                        again = False
                    working = loop.run_in_executor(self._hand, errand.go_on)
                    working.add_done_callback(lambda _: said.put_nowait(None))
                    while (reply := await said.get()) is not None:
                        yield reply
                    more = working.result()
        finally:
            # Behind a step that may still be under way.
            self._hand.submit(errand.leave)


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
