"""Each Python process of a served app begins with this: it notes whom the process turns to."""

from __future__ import annotations

import os
import sys
from typing import Any

PLACE = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0}
"""Event of Python's audit -> which of its arguments says where to."""


def note(event: str, args: tuple[Any, ...]) -> None:
    """Write the event and the host on a line; sockets within the system have no host."""
    if event not in PLACE:
        return
    where = args[PLACE[event]]
    host = where if event == "socket.getaddrinfo" else isinstance(where, tuple) and where[0]
    if isinstance(host, bytes):
        host = host.decode("utf-8", "replace")
    if isinstance(host, str):
        with open(os.environ["FOUR_FAMILIES_REACHED"], "a", encoding="utf-8") as file:
            file.write(f"{event}\t{host}\n")


if "FOUR_FAMILIES_REACHED" in os.environ:
    sys.addaudithook(note)
