"""A GPU behind the seam that a Space shares among its visitors ("ZeroGPU"), for some seconds each.

Whoever has it has a process of its own, forked from this one: arguments and answer are pickled, and
what it keeps is lost with it. What gains nothing by it is answered in this process.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any, TypeVar

# Before torch, and before anything touches CUDA, as the package demands. It is in Spaces alone.
try:
    import spaces
except ImportError:
    spaces = None

import torch

from demo.engine import messages
from demo.engine.ask import Behind, Question
from demo.engine.messages import Reply
from demo.records import Problem
from demo.zoo.loading import load

Task = TypeVar("Task", bound=Callable[..., Any])

SHARED: bool = spaces is not None and spaces.config.Config.zero_gpu
"""Whether this process runs where a GPU is shared so."""


def on_gpu(seconds: Callable[..., int]) -> Callable[[Task], Task]:
    """Decorate what runs on the shared GPU; elsewhere it stays as it is.

    Args:
        seconds: what says, of its arguments, for how long it may need the GPU.
    """
    return (lambda task: task) if spaces is None else spaces.GPU(duration=seconds)


class SharedGPU(Behind):
    """Questions that gain from a GPU are answered on it, all others in this process.

    The GPU is asked for in the name of the visitor whose request is gradio's in this context.
    """

    def answer(self, question: Question) -> Any:
        """As `ask.Behind.answer`.

        Raises:
            gr.Error: if the GPU can't be had; it says why in words of its own.
        """
        if not question.gpu_seconds:
            return question.answer()
        # Read in this process, the weights are there in the one that is forked for it as well; what
        # can't be read costs nobody seconds on the GPU.
        load(question.key)
        steps = _steps(replies(question))
        if inspect.isgeneratorfunction(question.function):
            return steps
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        raise AssertionError("a function that is no generator has no steps")

    def elsewhere(self, question: Question) -> bool:
        """As `ask.Behind.elsewhere`."""
        return question.gpu_seconds > 0

    def close(self) -> None:
        """The package ends its processes itself."""


@on_gpu(lambda question: question.gpu_seconds)
def replies(question: Question) -> Iterator[Reply]:
    """The steps, if it has any, and at last its value or failure; in the process with the GPU."""
    try:
        answer = question.answer()
        if not inspect.isgenerator(answer):
            yield Reply("value", answer)
            return
        with closing(answer):
            while True:
                try:
                    step = next(answer)
                except StopIteration as end:
                    yield Reply("end", end.value)
                    return
                yield Reply("step", step)
    except Exception as error:
        # The package would hand on the error's name alone.
        yield messages.failed(error)


@on_gpu(lambda: 5)
def name() -> str:
    """What the GPU is called.

    For an event of the page: whether the hub, which stops a Space without a function for its GPU,
    sees one that no event is bound to, is reported both ways.
    """
    return torch.cuda.get_device_name()


def _steps(heard: Generator[Reply, None, None]) -> Generator[Any, None, Any]:
    """The steps among the replies; in the end the value.

    They are heard out also behind the last one: the GPU is given back only then.
    """
    last = None
    with closing(heard):
        for last in heard:
            if last.kind == "step":
                yield last.value
    if last is None or last.kind == "step":
        raise Problem("problem.worker_ended")
    if last.kind == "failed":
        raise last.value
    return last.value
