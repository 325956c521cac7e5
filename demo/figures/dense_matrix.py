"""Matrices of a dense block, source by target: what is read, and what a cut link changes.

The numbers travel as JSON and the page's script draws them, so that reading a cell asks nobody.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.records.dense import LinkEffects, Reuse
from demo.scripts import script
from demo.text import Blank, Words

TEMPLATE = '<div class="dense-matrix"></div>'
SCRIPT = script("words", "dense_matrix")


def reuse_payload(found: Reuse, each: bool, t: Words) -> str:
    """JSON of the reuse matrix.

    Args:
        each: whether every column is coloured by its own maximum.
    """
    words = _words(found.after, t)
    words["title"] = t(f"densenet.reading_{found.reading}")
    words["cell"] = t("densenet.cell_reuse", **_blanks("source", "target", "value", "channels"))
    numbers = {"each": each, "signed": False, "reading": found.reading}
    return _payload(found.matrix, found.starts, words, numbers)


def effects_payload(found: LinkEffects, reuse: Reuse, label: str, t: Words) -> str:
    """JSON of the matrix of cut links; `label` names the class whose probability moves."""
    words = _words(reuse.after, t)
    words["title"] = t("densenet.effects_title", label=label)
    words["cell"] = t(
        "densenet.cell_effect", label=label, **_blanks("source", "target", "value", "channels")
    )
    flips = _columns((found.winner >= 0) & (found.winner != found.index))
    numbers = {"each": False, "signed": True, "reading": "effects", "flips": flips}
    return _payload(found.change, reuse.starts, words, numbers)


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
