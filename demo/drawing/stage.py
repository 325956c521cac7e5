"""What a scene shows: the picture, and the sentence that says what is to be seen in it."""

from __future__ import annotations

from typing import Literal

Kind = Literal["drawing", "html", "laid"]


def staged(picture: str, sentence: str, kind: Kind = "html") -> str:
    """The picture with its sentence, as the page's script fits them into the window.

    Args:
        sentence: HTML that a screen reader reads too, with the picture's main numbers.
        kind: "drawing" is one SVG, which keeps its shape; "html" is set anew at another size;
            "laid" divides the height that the script gives it, `--room`, by its own style.
    """
    return (
        f'<div data-picture="{kind}">{picture}</div>'
        f'<p class="scene-sentence" role="status">{sentence}</p>'
    )
