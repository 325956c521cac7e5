"""Do maps follow a network that forgets? Each method's, while the weights become random.

Adebayo et al., "Sanity Checks for Saliency Maps" (2018), section 3: a map that stays the same
cannot have explained what the network had learnt.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from demo.engine.gradcam import normalised, weighted_sum
from demo.engine.runs import once, run
from demo.records import Photo, Problem
from demo.topics.closer.explain import class_of, finished, guided_gradcam, score_of
from demo.topics.closer.faithful import edges
from demo.topics.closer.forgetting import Part, forgotten, parts
from demo.topics.closer.pixels import PIECES, integrated, saliency
from demo.topics.closer.records.maps import rank_correlation
from demo.topics.closer.records.sanity import PROBES, Cascade, Probe, Stage
from demo.trace import trace
from demo.zoo.loading import LoadedModel

DRAWN = 112
"""Side of the largest map that is kept to be drawn."""

Randomising = Generator[tuple[int, int], None, Cascade]


def randomised(
    loaded: LoadedModel, photo: Photo, probe: Probe, index: int | None = None
) -> Cascade:
    """A method's map at each step of the cascade; kept.

    Raises:
        Problem: as `randomising`.
    """
    return finished(randomising(loaded, photo, probe, index))


def randomising(
    loaded: LoadedModel, photo: Photo, probe: Probe, index: int | None = None
) -> Randomising:
    """The same in steps: yields (maps or pieces of maps that are done, of how many).

    Args:
        index: class to explain, the same at each step; None is the trained network's first choice.

    Raises:
        Problem: "closer.problem.no_method"; "problem.no_class".
    """
    if probe not in PROBES:
        raise Problem("closer.problem.no_method", method=probe, methods=", ".join(PROBES))
    asked = class_of(loaded, photo, index)
    kept = known(loaded, photo, probe, asked)
    if kept is not None:
        return kept
    x, seen = loaded.prepare(photo)
    pieces = PIECES if probe == "integrated" else 1
    order = parts(loaded)
    total = (len(order) + 1) * pieces
    trained, stages = None, []
    for count, part in enumerate(["", *(one.name for one in order)]):
        steps = _map(loaded, order[:count], x, probe, asked)
        while True:
            try:
                yield len(stages) * pieces + next(steps), total
            except StopIteration as end:
                raw = end.value
                break
        trained = np.abs(raw) if trained is None else trained
        correlation = rank_correlation(trained, np.abs(raw))
        stages.append(Stage(part, _small(raw), correlation))
    record = Cascade(loaded.spec.key, probe, asked, tuple(stages), seen)
    return once(loaded, photo, _key(probe, asked), lambda: record)


def known(loaded: LoadedModel, photo: Photo, probe: Probe, index: int) -> Cascade | None:
    """The cascade, if it has been worked out and is still kept."""
    return run(loaded, photo).results.peek(_key(probe, index))


def _key(probe: Probe, index: int) -> tuple[str, Probe, int]:
    return "randomised", probe, index


class _Anew(nn.Module):
    """The network without the weights of some parts, made for each question and gone after it."""

    def __init__(self, loaded: LoadedModel, gone: Sequence[Part]) -> None:
        super().__init__()
        self._loaded, self._gone = loaded, gone

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        return forgotten(self._loaded, self._gone).network(x)


def _map(
    loaded: LoadedModel, gone: Sequence[Part], x: Tensor, probe: Probe, index: int
) -> Generator[int, None, NDArray[np.float32]]:
    """The map before anything is done to it, (h, w); yields how many of its pieces are done.

    Thirty readers may each wait between two steps: none of them holds a copy of the network then.
    A copy's answers are nobody else's: nothing here may be kept where runs are.
    """
    score = score_of(index, None)
    if probe == "integrated":
        copy = LoadedModel(loaded.spec, _Anew(loaded, gone), loaded.source, loaded.device)
        steps = integrated(copy, x, score)
        while True:
            try:
                yield next(steps)[0]
            except StopIteration as end:
                return _numbers(end.value)
    yield 0
    if probe == "edges":
        return _numbers(edges(x.cpu()))
    copy = forgotten(loaded, gone)
    if probe == "saliency":
        return _numbers(saliency(copy, x, score))
    path = copy.spec.layer("").path
    traced = trace(copy.network, x, [path])
    heat = weighted_sum(traced.activations[path].detach(), traced.gradient(path, index))
    if probe == "gradcam":
        return heat
    # Random weights make both factors tiny; their product must not vanish.
    return _numbers(guided_gradcam(copy, x, score, torch.from_numpy(normalised(heat))))


def _numbers(values: Tensor) -> NDArray[np.float32]:
    return torch.nan_to_num(values.float()).cpu().numpy()


def _small(raw: NDArray[np.float32]) -> NDArray[np.float32]:
    """The map with at most DRAWN x DRAWN places, each the mean of those that it stands for."""
    if max(raw.shape) <= DRAWN:
        return raw
    picture = Image.fromarray(raw.astype(np.float32))
    return np.asarray(picture.resize((DRAWN, DRAWN), Image.Resampling.BOX))
