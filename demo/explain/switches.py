"""Change what modules of a network put out, for as long as a `with` lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from torch import Tensor, nn


@contextmanager
def rewritten(
    network: nn.Module, changes: Mapping[str, Callable[[Tensor], Tensor]]
) -> Iterator[None]:
    """While open, what the module of each path puts out goes through its function.

    The function must not change its argument in place. No hook is left, whatever happens. Not for
    two threads at once on one network: hold the model's lock.

    Raises:
        AttributeError: if the network has no module of that path.
    """

    def hook(change: Callable[[Tensor], Tensor]) -> Callable[..., Tensor]:
        return lambda module, inputs, output: change(output)

    with ExitStack() as hooks:
        for path, change in changes.items():
            module = network.get_submodule(path)
            hooks.callback(module.register_forward_hook(hook(change)).remove)
        yield
