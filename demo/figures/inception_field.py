"""What one output position of each branch sees: boxes on the photo that follow the pointer."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass

from demo.figures.heat import frame
from demo.figures.inception_style import label, tints
from demo.records import Box
from demo.records.inception import Block, Field, Pair
from demo.text import Words


@dataclass(frozen=True)
class Sight:
    """Of one branch: the field within its block (in cells of the block's input), and to the photo.

    box_within, box_whole: both on the photo, for the position that is shown first.
    """

    within: Field
    whole: Field
    box_within: Box
    box_whole: Box


def views(
    block: Block,
    sights: Sequence[Sight],
    position: Pair,
    size: int,
    seen: Box,
    ratio: float,
    t: Words,
) -> str:
    """Two photos, side by side: what a position reads of the block's input, and of the photo.

    The browser moves the boxes (`FOLLOW`); data attributes hold all that it needs.

    Args:
        position: (row, column) of the output that is shown first.
        size: side of the network's input in pixels.
        seen: the part of the photo that the network was given.
        ratio: width / height of the photo. The photo itself is the page's `--photo`.
    """
    height, width = block.shape_out[1:]
    blank = t("inception.place", row="{row}", column="{column}")
    return (
        f'<div class="field-views" data-height="{height}" data-width="{width}"'
        f' data-row="{position[0]}" data-column="{position[1]}"'
        f' data-seen="{seen.left:.5f},{seen.top:.5f},{seen.right:.5f},{seen.bottom:.5f}">'
        + _view("within", block, sights, block.shape_in[1], ratio, t)
        + _view("whole", block, sights, size, ratio, t)
        + f'<p class="hint field-place" data-words="{html.escape(blank, quote=True)}">'
        + html.escape(t("inception.place", row=position[0], column=position[1]))
        + f"</p></div>{_sizes(block, sights, size, t)}"
    )


def _view(
    kind: str, block: Block, sights: Sequence[Sight], size: int, ratio: float, t: Words
) -> str:
    boxes = []
    for branch, tint, sight in reversed(
        list(zip(block.branches, tints(block.branches), sights, strict=True))
    ):
        field = sight.within if kind == "within" else sight.whole
        box = sight.box_within if kind == "within" else sight.box_whole
        data = json.dumps([field.jump, field.first, field.last])
        boxes.append(
            f'<i class="{"pools" if branch.pools else "sees"}" data-branch="{branch.name}"'
            f' data-field="{data}" style="--tint:{tint};{_place(box)}"></i>'
        )
    words = t("inception.field_within") if kind == "within" else t("inception.field_whole")
    return (
        f'<figure class="field-view" data-size="{size}"><div class="overlay" tabindex="0"'
        f' role="img" aria-label="{html.escape(words, quote=True)}"'
        f' style="{frame(ratio)}">{"".join(boxes)}</div>'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def _sizes(block: Block, sights: Sequence[Sight], size: int, t: Words) -> str:
    rows = []
    for branch, tint, sight in zip(block.branches, tints(block.branches), sights, strict=True):
        within, whole = sight.within.extent, sight.whole.extent
        beyond = t("inception.beyond") if max(whole) > size else ""
        rows.append(
            f'<li style="--tint:{tint}" class="{"pools" if branch.pools else "sees"}">'
            f"<b>{html.escape(label(branch.name, t))}</b>"
            f" {html.escape(t('inception.field_size', cells=_size(within), pixels=_size(whole)))}"
            f" {html.escape(beyond)}</li>"
        )
    return f'<ul class="field-sizes">{"".join(rows)}</ul>'


def _size(extent: Pair) -> str:
    return f"{extent[0]}×{extent[1]}"


def _place(box: Box) -> str:
    return (
        f"left:{box.left:.2%};top:{box.top:.2%};"
        f"width:{box.right - box.left:.2%};height:{box.bottom - box.top:.2%}"
    )


FOLLOW = """
const parts = (view) => {
  const all = view.closest('.field-views');
  return {all, data: all.dataset, seen: all.dataset.seen.split(',').map(Number)};
};
const inside = (value, count) => Math.max(0, Math.min(Number(count) - 1, value));
const place = (view, row, column) => {
  const {all, data, seen: [left, top, right, bottom]} = parts(view);
  data.row = row;
  data.column = column;
  for (const figure of all.querySelectorAll('.field-view')) {
    const size = Number(figure.dataset.size);
    for (const box of figure.querySelectorAll('i')) {
      const [jump, first, last] = JSON.parse(box.dataset.field);
      const low = (i, axis) => Math.max(i * jump[axis] + first[axis], 0) / size;
      const high = (i, axis) => Math.min(i * jump[axis] + last[axis] + 1, size) / size;
      box.style.left = 100 * (left + (right - left) * low(column, 1)) + '%';
      box.style.width = 100 * (right - left) * (high(column, 1) - low(column, 1)) + '%';
      box.style.top = 100 * (top + (bottom - top) * low(row, 0)) + '%';
      box.style.height = 100 * (bottom - top) * (high(row, 0) - low(row, 0)) + '%';
    }
  }
  const words = all.querySelector('.field-place');
  words.textContent = words.dataset.words.replace('{row}', row).replace('{column}', column);
};
const point = (event) => {
  const view = event.target.closest('.field-view .overlay');
  if (!view) return;
  const {data, seen: [left, top, right, bottom]} = parts(view);
  const frame = view.getBoundingClientRect();
  const x = ((event.clientX - frame.left) / frame.width - left) / (right - left);
  const y = ((event.clientY - frame.top) / frame.height - top) / (bottom - top);
  place(view, inside(Math.floor(y * data.height), data.height),
    inside(Math.floor(x * data.width), data.width));
};
element.addEventListener('pointermove', point);
element.addEventListener('pointerdown', point);
const ARROWS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
element.addEventListener('keydown', (event) => {
  const view = event.target.closest('.field-view .overlay');
  const step = ARROWS[event.key];
  if (!view || !step) return;
  event.preventDefault();
  const {data} = parts(view);
  place(view, inside(Number(data.row) + step[0], data.height),
    inside(Number(data.column) + step[1], data.width));
});
"""
"""The browser's part, for `gr.HTML(js_on_load=...)`: pointer and arrow keys move the position."""
