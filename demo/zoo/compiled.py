"""The same network as a graph that ONNX Runtime runs: the same numbers in a third of the time.

Convolutions, BatchNorms and activations are joined, and layers cost no Python. PyTorch stays what
everything else is asked of, and answers where the graph can't be made.
"""

from __future__ import annotations

import atexit
import io
import logging
import os
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
import torch
from torch import Tensor, nn

# Otherwise the runtime tells its makers what it runs, and keeps a number of this machine. It
# looks once, when it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

LOG = logging.getLogger(__name__)
OPSET = 17


@dataclass(frozen=True, eq=False)
class Graph:
    """A network that gives its logits and what one of its layers puts out; for many threads."""

    run: Callable[[np.ndarray], list[np.ndarray]]

    def __call__(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(1, 3, S, S) of the size that the graph was made for -> logits (1, classes), layer."""
        logits, layer = self.run(np.ascontiguousarray(x.numpy()))
        return torch.from_numpy(logits), torch.from_numpy(layer)


class _WithLayer(nn.Module):
    """Gives what a layer puts out beside the logits."""

    def __init__(self, network: nn.Module, path: str) -> None:
        super().__init__()
        self.network = network
        self.path = path

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        kept: list[Tensor] = []

        def keep(module: nn.Module, inputs: object, output: Tensor) -> None:
            # A copy: what follows may write to it.
            kept[:] = [output.clone()]

        handle = self.network.get_submodule(self.path).register_forward_hook(keep)
        try:
            return self.network(x), kept[0]
        finally:
            handle.remove()


def graph_of(network: nn.Module, path: str, size: int) -> Graph:
    """Make the graph for one photo of `size` x `size`; path: the layer that is given too.

    Hooks are put on the network meanwhile: hold its lock.

    Raises:
        Exception: whatever the exporter or the runtime finds wrong.
    """
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # to Windows' own log, which is another way
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this exporter is the older one
        torch.onnx.export(
            _WithLayer(network, path).eval(),
            (torch.zeros(1, 3, size, size),),
            file,
            input_names=["photo"],
            output_names=["logits", "layer"],
            opset_version=OPSET,
            dynamo=False,
        )
    options = onnxruntime.SessionOptions()
    # Small networks too: a fifth to two fifths less time, for a quarter more of the processor's.
    options.intra_op_num_threads = min(2, torch.get_num_threads())
    options.log_severity_level = 3
    # A second thread that sleeps wakes too late for the next layer; one that goes on turning round
    # in circles takes a core from the page. So it turns for a moment, and at most until the end.
    options.add_session_config_entry("session.intra_op.spin_duration_us", "200")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(
        file.getvalue(), options, providers=["CPUExecutionProvider"]
    )
    return Graph(lambda photo: session.run(None, {"photo": photo}))


class Compiler:
    """Makes graphs one after the other on a thread of its own, so that nobody waits for one."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._started, self._making = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._over = False

    def soon(self, make: Callable[[], None]) -> None:
        """Call this when all that came before is done; what it raises is written to the log."""
        self._waiting.put(make)
        with self._started:
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="compiler", daemon=True)
                self._thread.start()
                # A thread that is torn out of C++ at the interpreter's end aborts the process.
                atexit.register(self.end)

    def end(self) -> None:
        """Wait for what is being made; make nothing more."""
        self._over = True
        self._making.acquire()

    def _serve(self) -> None:
        while True:
            make = self._waiting.get()
            with self._making:
                if self._over:
                    return
                try:
                    make()
                except Exception as error:
                    LOG.warning("PyTorch answers: no graph could be made (%s)", error)
            del make
