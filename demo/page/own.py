"""The network that a page has trained itself: the other topics show it to that page alone.

Nobody else can name it: what is shown is looked up by who asks, never by a name that was sent.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress

from gradio.context import LocalContext

from demo.cache import ByteCache
from demo.engine.ask import Network, listed
from demo.records import Problem
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

KEY = "own"
"""What stands for it where networks are named by key."""
_NETWORKS: ByteCache[LoadedModel] = ByteCache(256 * 2**20, size=lambda loaded: loaded.nbytes)
"""Session -> its newest; what drops out is shown again when it is trained or loaded again."""


_CLOSED: deque[str] = deque(maxlen=1_000)
"""Pages that are gone, whose last step of work may still be on its way. One whose connection only
broke for a moment asks again."""


def session() -> str:
    """Which page asks."""
    request = LocalContext.request.get(None)
    return str(request.session_hash) if request else ""


def show(loaded: LoadedModel) -> None:
    """Show this network to the page that asks, in place of an earlier one."""
    asking = session()
    if asking and asking not in _CLOSED and _NETWORKS.peek(asking) is not loaded:
        _NETWORKS.forget(lambda key: key == asking)
        _NETWORKS.get(asking, lambda: loaded)


def shown() -> LoadedModel | None:
    """The network of the page that asks; None where it has none."""
    return _NETWORKS.peek(session())


def named() -> str:
    """What tells one network of the page that asks from its next; "" where it has none."""
    loaded = shown()
    return loaded.spec.key if loaded else ""


def asks() -> None:
    """A question of this page begins: it is open, even where it seemed to be closed."""
    with suppress(ValueError):
        _CLOSED.remove(session())


def leave() -> None:
    """The page that asks is closed."""
    asks()
    _CLOSED.append(session())
    give_up()


def give_up() -> None:
    """The page that asks has no network of its own any more."""
    asking = session()
    _NETWORKS.forget(lambda key: key == asking)


def network_of(key: str) -> Network:
    """The network of a key, the page's own for KEY, to be asked.

    Raises:
        Problem: "problem.own_gone" where the page has none; as `listed`.
    """
    if key != KEY:
        return listed(key)
    loaded = shown()
    if loaded is None:
        raise Problem("problem.own_gone")
    return loaded


def spec_of(key: str) -> ModelSpec:
    """The spec of a key, the page's own for KEY.

    Raises:
        Problem: as `network_of`.
    """
    return network_of(key).spec
