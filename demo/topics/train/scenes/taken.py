"""A trained network to take away: one zip with the tensors, their labels and a script."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from demo import temporary
from demo.lane import Turn
from demo.topics.train.export import head_file, network_file, script
from demo.topics.train.scenes import work
from demo.topics.train.training import Trained, head_of
from demo.zoo.catalogue import spec


def taken(token: str, key: str, mode: str, seed: str) -> Iterator[str | Turn]:
    """Path of the zip: the new layer where that alone was trained; the whole network where more
    was, or a script can load it.

    Raises:
        Problem: as `work.trained`.
    """
    one = spec(key)
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Turn):
            yield reached
        elif isinstance(reached, Trained):
            yield Turn.OUTSIDE
            classes = reached.loaded.spec.labels
            path = temporary.place_for(f"{key}-{mode}.zip")
            # Numbers as these do not pack.
            with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
                # Of a network that was trained further, the new layer alone would be of no use.
                if mode == "head":
                    head = head_file(one, head_of(reached.loaded), classes)
                    archive.writestr("head.safetensors", head)
                if one.outside or mode != "head":
                    network = network_file(one, reached.loaded)
                    archive.writestr("network.safetensors", network)
                if one.outside:
                    archive.writestr("predict.py", script(one, len(classes)))
            yield str(path)
