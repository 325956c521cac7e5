"""What the browser runs: the files of assets/script/ beside components, others in the head."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "assets" / "script"


def script(*names: str) -> str:
    """For `gr.HTML(js_on_load=...)`: these files of assets/script/, in order, as one script.

    It finds Gradio's `element`, `props`, `trigger` and `watch`, and the page's `four`.
    """
    return "".join(spare((_FOLDER / f"{name}.js").read_text("utf-8")) for name in names)


def spare(source: str) -> str:
    """A script without the lines that are comments: a sixth of what scripts take on their way."""
    lines = source.splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip().startswith("//"))
