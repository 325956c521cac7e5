"""Each worker of an app that is served with this begins with it: a pass goes wrong when it is told.

The file FOUR_FAMILIES_FAULT says how, once: "fails" raises in the middle of a pass, "waits" stays
there for ever. Beside it, `.begun` says that it did, and in which process, and `.passes` has a line
for each pass of a network that knows ImageNet's 1,000 classes.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any


def wrong(file: Path) -> None:
    """What the file says, if there is one."""
    try:
        kind = file.read_text("utf-8")
        file.unlink()
    except FileNotFoundError:
        return
    file.with_suffix(".begun").write_text(f"{os.getpid()}\n", "utf-8")
    if kind == "fails":
        raise ArithmeticError("a fault on purpose")
    threading.Event().wait()


def begin(file: Path) -> None:
    """Look after each layer that PyTorch has run for a question."""
    import torch

    def after(module: Any, inputs: Any, output: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        wrong(file)
        if isinstance(module, torch.nn.Linear) and output.shape[-1] == 1000:
            with file.with_suffix(".passes").open("a", encoding="utf-8") as passes:
                passes.write(f"{len(output)}\n")

    torch.nn.modules.module.register_module_forward_hook(after)


if "FOUR_FAMILIES_FAULT" in os.environ and "demo.engine.worker" in sys.orig_argv:
    begin(Path(os.environ["FOUR_FAMILIES_FAULT"]))
