"""The seam: what a network is asked is one call, answered by a record wherever the network is.

A function of this project that takes a loaded network first, and then a photo and options, is asked
by itself: `ask(heat_map, "mini_resnet", photo, index=3)`. Behind the call the same function runs in
this process (`Here`), in worker processes (`workers.Workers`) or on a GPU that a Space shares among
its visitors (`shared_gpu.SharedGPU`). Records travel; tensors, networks and hooks do not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from demo.engine.gain import gpu_seconds
from demo.records import Source
from demo.zoo import catalogue, weights
from demo.zoo.loading import LoadedModel, device, load_on
from demo.zoo.spec import ModelSpec

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Listed:
    """A network of the catalogue, by name: where it is loaded, the seam knows."""

    spec: ModelSpec


Network = Listed | LoadedModel
"""What can be asked: one of the catalogue, or one that was trained in this process and is nowhere
else: it is asked here, since the page that trained it keeps its weights here."""


@dataclass(frozen=True)
class Question:
    """One call on its way.

    key: of the network in whose place it is answered. network: whether that network, loaded, is the
    function's first argument. args, options: what follows; photos among them stand for themselves.
    """

    function: Callable[..., Any]
    key: str
    network: bool
    args: tuple[Any, ...]
    options: Mapping[str, Any]

    @property
    def gpu_seconds(self) -> int:
        """The seconds that it needs on a GPU at most; 0 where it gains nothing there.

        Nor does what calls back while it works: its calls would have to come from there.
        """
        if not self.network or any(map(callable, (*self.args, *self.options.values()))):
            return 0
        return gpu_seconds(self.function, catalogue.spec(self.key))

    def answer(self) -> Any:
        """What the function says, in this process; where it gains from a GPU, on this one's."""
        where = device() if self.gpu_seconds else "cpu"
        first = (load_on(self.key, where),) if self.network else ()
        return self.function(*first, *self.args, **self.options)

    def each(self, change: Callable[[Any], Any]) -> Question:
        """The same with every argument changed."""
        options = {name: change(value) for name, value in self.options.items()}
        return replace(self, args=tuple(map(change, self.args)), options=options)


class Behind(Protocol):
    """What stands behind the seam."""

    def answer(self, question: Question) -> Any:
        """The record; of a generator function the generator of its steps.

        Raises:
            Problem: as the function; "problem.worker_ended", "problem.worker_hung" or
                "problem.worker_absent" if who should answer can't.
        """

    def elsewhere(self, question: Question) -> bool:
        """Whether who waits for the answer keeps nobody else's question waiting."""
        return False

    def close(self) -> None:
        """Give back what it holds."""


class Here(Behind):
    """This process."""

    def answer(self, question: Question) -> Any:
        """As `Question.answer`."""
        return question.answer()

    def close(self) -> None:
        """Holds nothing."""


_behind: Behind = Here()


def put_behind(behind: Behind) -> Behind:
    """From now on this one answers; returns the one that did."""
    global _behind
    before, _behind = _behind, behind
    return before


def listed(key: str) -> Listed:
    """The network of that key.

    Raises:
        Problem: "problem.no_model" if there is none.
    """
    return Listed(catalogue.spec(key))


def ask(
    function: Callable[Concatenate[LoadedModel, Given], Answer],
    network: Network | str,
    *args: Given.args,
    **options: Given.kwargs,
) -> Answer:
    """What the function says of a network: function(loaded, *args, **options).

    Args:
        function: of a module, by whose name it is found elsewhere; a generator function gives its
            steps. What it is given and what it answers can be pickled; a function among its
            arguments is called here while it works, to say how far it is.
        network: or the key of one of the catalogue.

    Raises:
        Problem: as `loading.load`, `Behind.answer` and the function.
    """
    one = listed(network) if isinstance(network, str) else network
    if not isinstance(one, Listed):
        return function(one, *args, **options)
    if weights.file_of(one.spec) is None:
        # Why it is not here is known here, where downloads are made and fail.
        raise weights.absent(one.spec)
    return cast(Answer, _behind.answer(Question(function, one.spec.key, True, args, options)))


def elsewhere(function: Callable[..., Any], network: Network | str) -> bool:
    """Whether who asks this of the network may wait outside the line of those who wait for one.

    Raises:
        Problem: as `listed`.
    """
    one = listed(network) if isinstance(network, str) else network
    if not isinstance(one, Listed):
        return False
    return _behind.elsewhere(Question(function, one.spec.key, True, (), {}))


def there(
    key: str, function: Callable[Given, Answer], *args: Given.args, **options: Given.kwargs
) -> Answer:
    """What a function says that loads no network, or several, where the one of that key is asked.

    Raises:
        Problem: as `ask`.
    """
    question = Question(function, catalogue.spec(key).key, False, args, options)
    return cast(Answer, _behind.answer(question))


def source(loaded: LoadedModel) -> Source:
    """Where its weights come from: the least that can be asked, for which it is loaded."""
    return loaded.source
