"""Loaded networks: ready for inference, kept as long as there is room."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from demo import memory, settings
from demo.cache import ByteCache, Results
from demo.records import Box, Photo, Source
from demo.zoo import weights
from demo.zoo.catalogue import spec
from demo.zoo.compiled import Compiler, Graph, graph_of
from demo.zoo.spec import ModelSpec, Preprocess, Tensors

MEMORY_FORMAT = torch.channels_last
"""How photos and weights lie in memory: the faster of the two for convolutions on a CPU."""
_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(eq=False)
class Speed:
    """graph: the network as a graph, once one has been made."""

    graph: Graph | None = None


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A network with its weights.

    network: in eval mode, fp32, no parameter requires a gradient. source: where the weights come
    from. device: where the network is, and photos are prepared. lock: hold it while you run the
    network or put hooks on it. results: what has been worked out from the weights alone. speed:
    holds the network's graph, which gives logits and default layer without the lock.
    """

    spec: ModelSpec
    network: nn.Module
    source: Source
    device: str = "cpu"
    lock: threading.RLock = field(default_factory=threading.RLock)
    results: Results = field(default_factory=Results)
    speed: Speed = field(default_factory=Speed)

    def prepare(self, photo: Photo) -> tuple[Tensor, Box]:
        """The photo as this network's input (1, 3, S, S), and the part of it that this shows."""
        how = self.spec.preprocess
        x, seen = PREPARED.get((photo.key, how), lambda: prepare(photo, how))
        return x.to(self.device), seen

    @property
    def nbytes(self) -> int:
        """Bytes of its parameters and buffers, which a graph holds once more."""
        tensors = (*self.network.parameters(), *self.network.buffers())
        return sum(t.nbytes for t in tensors) * (2 if self.speed.graph else 1)


MODELS: ByteCache[LoadedModel] = ByteCache(
    settings.read().model_cache, size=lambda model: model.nbytes
)
"""All loaded networks of this process; the least recently used go first."""
PREPARED: ByteCache[tuple[Tensor, Box]] = ByteCache(
    16 * 2**20, size=lambda made: made[0].nbytes, grows=False
)
"""Photos as inputs: networks that are given the same one share it."""
COMPILER = Compiler()


def load(key: str) -> LoadedModel:
    """The network of that key, read once and kept as long as there is room.

    Never downloads: that takes minutes, and whoever runs networks would wait. See `weights.fetch`.

    Raises:
        Problem: "problem.no_model" if there is no such network, and as `weights.absent` and
            `weights.read`.
    """
    chosen = spec(key)

    def compute() -> LoadedModel:
        file = weights.file_of(chosen)
        if file is None:
            raise weights.absent(chosen)
        loaded = from_file(chosen, file)
        COMPILER.soon(lambda: speed_up(loaded))
        return loaded

    return MODELS.get(key, compute)


def speed_up(loaded: LoadedModel) -> None:
    """Make the network's graph; whoever asks meanwhile is answered by PyTorch.

    Raises:
        Exception: as `compiled.graph_of`.
    """
    one = loaded.spec
    with loaded.lock:
        loaded.speed.graph = graph_of(loaded.network, one.layer("").path, one.input_size)
    memory.give_back()


def device() -> str:
    """Where full-size networks run when only a card is asked: on CUDA where there is a GPU."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def load_on(key: str, where: str) -> LoadedModel:
    """The network of that key on a device, where it is kept beside the one of `load`.

    Raises:
        Problem: as `load`.
    """
    here = load(key)
    if where == here.device:
        return here

    def compute() -> LoadedModel:
        # Not a copy of the module: somebody may have hooks on it now.
        network = _filled(_empty(here.spec), here.network.state_dict()).to(where)
        return LoadedModel(here.spec, network, here.source, where)

    return MODELS.get((key, where), compute)


def from_file(spec: ModelSpec, file: Path) -> LoadedModel:
    """A network with the weights of this file, not kept.

    Raises:
        Problem: as `weights.read`, also if the file's tensors are not this network's.
    """
    try:
        network = with_weights(spec, weights.read(spec, file))
    except RuntimeError as error:
        raise weights.refusal(spec, file) from error
    source: Source = "downloaded" if spec.weights.kind == "download" else "bundled"
    return LoadedModel(spec, network, source)


def with_weights(spec: ModelSpec, tensors: Tensors) -> nn.Module:
    """Build the network around these tensors; none of its values is random.

    Raises:
        RuntimeError: if a parameter or statistic is missing, too many, or of another shape.
    """
    network = _empty(spec)
    return _filled(network, spec.adapt(tensors, network))


def _empty(spec: ModelSpec) -> nn.Module:
    with torch.device("meta"):
        return spec.build()


def _filled(network: nn.Module, state: Tensors) -> nn.Module:
    # A counter of training batches, which inference does not use and the bundled files leave out.
    for name in network.state_dict().keys() - state.keys():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.zeros((), dtype=torch.long)
    network.load_state_dict(state, strict=True, assign=True)
    return network.eval().requires_grad_(False).to(memory_format=MEMORY_FORMAT)


def part_seen(photo: Photo, how: Preprocess) -> Box:
    """The part of a photo that a network is given, as fractions of the photo."""
    height, width = photo.pixels.shape[:2]
    shorter = min(height, width)
    # As torchvision does it: whole pixels for the resized photo and for the crop's corner.
    wide, high = int(how.resize * width / shorter), int(how.resize * height / shorter)
    left, top = round((wide - how.crop) / 2), round((high - how.crop) / 2)
    return Box(left / wide, top / high, (left + how.crop) / wide, (top + how.crop) / high)


def prepare(photo: Photo, how: Preprocess) -> tuple[Tensor, Box]:
    """Resize the shorter side, cut out the centre, normalise.

    Only what the crop shows is computed, so that a very long photo costs no more than another.

    Returns:
        (1, 3, crop, crop) fp32, and the crop as fractions of the photo.
    """
    seen = part_seen(photo, how)
    return as_input(cut_out(photo, how, seen).astype(np.float32) / 255, how), seen


def cut_out(photo: Photo, how: Preprocess, part: Box) -> NDArray[np.uint8]:
    """A part of the photo at the size of the network's input, (crop, crop, 3)."""
    height, width = photo.pixels.shape[:2]
    right, bottom = min(part.right * width, width), min(part.bottom * height, height)
    picture = Image.fromarray(photo.pixels).resize(
        (how.crop, how.crop),
        _FILTERS[how.interpolation],
        box=(part.left * width, part.top * height, right, bottom),
    )
    return np.array(picture)


def as_input(picture: NDArray[np.floating], how: Preprocess) -> Tensor:
    """A picture (crop, crop, 3) of values in [0, 1], normalised: (1, 3, crop, crop) fp32."""
    # Not in PyTorch, whose threads would have to wake for it. A picture is channels-last already.
    values = picture.astype(np.float32).reshape(len(picture), -1)
    mean, std = (np.tile(np.float32(each), picture.shape[1]) for each in (how.mean, how.std))
    values -= mean
    values /= std
    return torch.from_numpy(values.reshape(picture.shape)).permute(2, 0, 1)[None]
