"""Matrices of a dense block, source by target: what is read, and what a cut link changes.

The numbers travel as JSON and the page's script draws them, so that reading a cell asks nobody.
"""

from __future__ import annotations

import html
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.scripts import script
from demo.text import Blank, Words
from demo.topics.dense.records import LinkEffects, Reuse

SCRIPT = script("words", "dense_matrix")


def frame(payload: str, reading: str, label: str) -> str:
    """Where the script draws a matrix.

    Args:
        payload: `reuse_payload` or `effects_payload`. reading: what its cells are. label: what a
            screen reader says, with its main numbers.
    """
    return (
        f'<div class="dense-matrix" data-reading="{reading}"'
        f' data-label="{html.escape(label, quote=True)}"'
        f' data-table="{html.escape(payload, quote=True)}"></div>'
    )


def reuse_payload(found: Reuse, each: bool, opened: tuple[int, int] | None, t: Words) -> str:
    """JSON of the reuse matrix.

    Args:
        each: whether every column is coloured by its own maximum.
        opened: source and target of the cell that is marked.
    """
    words = _words(found.after, t)
    words["cell"] = t("densenet.cell_reuse", **_blanks("source", "target", "value", "channels"))
    numbers = {"each": each, "signed": False, "opened": opened}
    return _payload(found.matrix, found.starts, words, numbers)


def effects_payload(found: LinkEffects, reuse: Reuse, label: str, t: Words) -> str:
    """JSON of the matrix of cut links; `label` names the class whose probability moves."""
    words = _words(reuse.after, t)
    words["cell"] = t(
        "densenet.cell_effect", label=label, **_blanks("source", "target", "value", "channels")
    )
    numbers = {"each": False, "signed": True, "flips": _columns(found.flips)}
    return _payload(found.change, reuse.starts, words, numbers)


def plain_payload(found: Reuse, t: Words) -> str:
    """JSON of a block whose weights are not here: who can read whom."""
    words = _words(found.after, t)
    words["cell"] = t("densenet.cell_plain", **_blanks("source", "target", "channels"))
    return _payload(found.matrix, found.starts, words, {"each": False, "signed": False})


def _payload(
    matrix: NDArray[np.float32],
    starts: tuple[int, ...],
    words: dict[str, str],
    more: dict[str, Any],
) -> str:
    columns = [[float(f"{value:.4g}") for value in column] for column in _columns(matrix)]
    return json.dumps(
        {"count": len(matrix), "columns": columns, "starts": starts, "words": words, **more},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _columns(matrix: NDArray[Any]) -> list[list[Any]]:
    """Each column as far as the target reads."""
    return [matrix[: target + 1, target].tolist() for target in range(len(matrix))]


def _words(after: str, t: Words) -> dict[str, str]:
    return {
        "input": t("densenet.source_input"),
        "input_short": t("densenet.source_input_short"),
        "layer": t("densenet.layer_n", layer=Blank("layer")),
        "after": t(f"densenet.after_{after}"),
        "source_axis": t("densenet.source_axis"),
        "target_axis": t("densenet.target_axis"),
        "each_most": t("densenet.each_most"),
    }


def _blanks(*names: str) -> dict[str, Blank]:
    return {name: Blank(name) for name in names}
