"""Opens the page: `python app.py`, or a Hugging Face Space."""

from __future__ import annotations

import threading
from pathlib import Path

from demo import settings, temporary

# Before gradio and torch: a wrong setting is said at once, and gradio keeps its files in the folder
# that is named when it is imported.
SETTINGS = settings.at_start() if __name__ == "__main__" else settings.read()
temporary.own()
if __name__ == "__main__":
    temporary.end_cleanly()

import gradio as gr

from demo.tabs import api, shell
from demo.text import text
from demo.zoo.loading import load_bundled

ASSETS = Path(__file__).parent / "assets"
SYSTEM_FONTS = [
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "Hiragino Sans",
    "Yu Gothic UI",
    "Noto Sans JP",
    "Noto Sans CJK JP",
    "sans-serif",
]


def build() -> gr.Blocks:
    """The app: English at /, Japanese at /ja, the JSON API beside them."""
    with gr.Blocks(
        title=text("en")("page.title"),
        analytics_enabled=False,
        delete_cache=(600, 14_400),
    ) as app:
        shell.build("en")
        api.register()
    with app.route(text("ja")("page.name_ja"), "ja"):
        shell.build("ja")
    return app.queue(max_size=100)


def theme() -> gr.themes.Base:
    """Quiet greys and one blue; the system's fonts, so that nothing is fetched from elsewhere."""
    quiet = gr.themes.Default(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        font=SYSTEM_FONTS,
        font_mono=["ui-monospace", "monospace"],
        radius_size=gr.themes.sizes.radius_lg,
    )
    return quiet.set(
        body_background_fill="var(--page)",
        body_background_fill_dark="var(--page)",
        block_info_text_color="var(--ink-soft)",
        block_info_text_color_dark="var(--ink-soft)",
        block_label_text_color="var(--ink)",
        block_label_text_color_dark="var(--ink)",
        block_title_text_color="var(--ink)",
        block_title_text_color_dark="var(--ink)",
    )


def head() -> str:
    """What must stand in the page's head: its script, and the style of Gradio's own frame."""
    script, frame = ((ASSETS / name).read_text("utf-8") for name in ("page.js", "frame.css"))
    return f"<script>{script}</script><style>{frame}</style>"


def launch(**options: object) -> tuple[object, str, str]:
    """Serve the app where the settings say."""
    return build().launch(
        server_name=SETTINGS.host,
        server_port=SETTINGS.port,
        theme=theme(),
        css_paths=sorted((ASSETS / "style").glob("*.css")),
        head=head(),
        footer_links=["api"],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        max_file_size="64mb",
        state_session_capacity=200,
        show_error=False,
        **options,
    )


if __name__ == "__main__":
    # The page is served at once; the first visitor finds the small networks loaded.
    threading.Thread(target=load_bundled, daemon=True).start()
    try:
        launch()
    except OSError as error:
        # The port was free when the process began.
        settings.refuse(settings.port_taken(SETTINGS, str(error)))
