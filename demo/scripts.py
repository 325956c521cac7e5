"""What the browser runs beside a component: the files of assets/script/."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "assets" / "script"


def script(*names: str) -> str:
    """For `gr.HTML(js_on_load=...)`: these files of assets/script/, in order, as one script.

    It finds Gradio's `element`, `props`, `trigger` and `watch`, and the page's `four`.
    """
    return "".join((_FOLDER / f"{name}.js").read_text("utf-8") for name in names)
