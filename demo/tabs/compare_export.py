"""The comparison as a file to take away: one PNG, or CSV."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import gradio as gr

from demo.figures.export import comparison_csv, comparison_png
from demo.records import Problem
from demo.tabs import photos
from demo.tabs.compare_view import View, asked
from demo.tabs.page import Page


def build(page: Page, inputs: list[Any]) -> None:
    """Two buttons under the results; `inputs` are the comparison's own."""
    t = page.words
    with gr.Row(elem_classes="export"):
        png = gr.Button(t("compare.export_png"), size="sm")
        csv = gr.Button(t("compare.export_csv"), size="sm")
    # A DownloadButton gives what it already has: the file is made on a click, then taken.
    ready = gr.DownloadButton(visible="hidden", elem_id="export-file")

    def write(kind: str, photo_token: str, tokens: str, *choice: Any) -> str:
        photo = photos.opened(photo_token)
        if photo is None:
            raise Problem("compare.nothing_to_export")
        answers = View(t, photo, photos.unseal_all(tokens), asked(*choice)).answers()
        if not answers:
            raise Problem("compare.nothing_to_export")
        file = Path(tempfile.mkdtemp()) / f"comparison.{kind}"
        if kind == "png":
            file.write_bytes(comparison_png(photo, answers, t))
        else:
            file.write_text(comparison_csv(photo, answers, t), "utf-8")
        return str(file)

    for kind, button in (("png", png), ("csv", csv)):

        def make(*values: Any, kind: str = kind) -> str:
            return write(kind, *values)

        page.on(button.click, make, [page.photo, *inputs], ready, heavy=True).then(
            None,
            None,
            None,
            js="() => document.querySelector('#export-file').click()",
            api_visibility="private",
        )
