"""Opens the page: `python app.py`, or a Hugging Face Space."""

from __future__ import annotations

import gc
from pathlib import Path

from demo import memory, settings, temporary

if __name__ == "__main__":
    # Nearly all that is made before the page is served stays; to look through it for rubbish again
    # and again is a fifth of the start. `launch` sees to it from then on.
    gc.disable()
    memory.few_arenas()
# Before gradio and torch: a wrong setting is said at once, and gradio keeps its files in the folder
# that is named when it is imported.
SETTINGS = settings.at_start() if __name__ == "__main__" else settings.read()
settings.tell_gradio()
temporary.own()
if __name__ == "__main__":
    temporary.end_cleanly()

# Before torch, as the shared GPU of a Space demands.
from demo.engine import shared_gpu  # noqa: I001

import gradio as gr
from anyio import CapacityLimiter

from demo.drawing import families
from demo.engine.ask import Behind, put_behind
from demo.engine.workers import Workers
from demo.photo import MOST_BYTES
from demo.records import Problem
from demo.scripts import spare
from demo.server import serve
from demo.server.faces import Faced
from demo.page import api
from demo.page import shell
from demo.page.wiring import WarmUp
from demo.text import text
from demo.topics.order import TOPICS

ASSETS = Path(__file__).parent / "assets"
UNDER_WAY = 1_000
"""Calls that gradio has begun, most of which wait on a lane: more than the lanes let in."""
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
    with Faced(title=text("en")("page.title"), analytics_enabled=False) as app:
        shell.build("en", TOPICS)
        api.register(TOPICS)
        if shared_gpu.SHARED:
            gr.api(shared_gpu.name, api_name="gpu", api_visibility="private")
    with app.route(text("ja")("page.name_ja"), "ja"):
        shell.build("ja", TOPICS)

    async def few_threads() -> None:
        # Of gradio's own: they read and write components' values. What waits holds none.
        app.limiter = CapacityLimiter(8)

    app.extra_startup_events.append(few_threads)
    # Who waits, and how many may, is the lanes' business, whichever way a call came in.
    return app.queue(max_size=2 * UNDER_WAY, api_open=False)


def theme() -> gr.themes.Base:
    """Quiet greys and one blue; the system's fonts, so that nothing is fetched from elsewhere."""
    quiet = gr.themes.Default(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        font=SYSTEM_FONTS,
        font_mono=["ui-monospace", "monospace"],
        radius_size=gr.themes.sizes.radius_lg,
    )
    # One step darker than the theme's own: white on it, and it on the page, reach 4.5 to 1.
    accent = "*primary_600"
    return quiet.set(
        color_accent=accent,
        slider_color=accent,
        button_primary_background_fill=accent,
        button_primary_background_fill_hover="*primary_700",
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
    pictures = ("picture_paint.js", "picture_trace.js", "picture.js")
    waiting = ("stream.js", "script/words.js", "ahead.js")
    scripts = (*waiting, "page.js", "layout.js", *pictures, "scenes.js", "path.js", "lesson.js")
    names = (*scripts, "terms.js", "frame.css", "stage.css", "path.css")
    script, style = (
        "".join((ASSETS / name).read_text("utf-8") for name in names if name.endswith(kind))
        for kind in (".js", ".css")
    )
    return f"<script>{spare(script)}</script><style>{style}</style>"


def cluster() -> Behind:
    """The cluster of the settings; where there is none the process ends with a sentence."""
    from demo.engine.cluster import Cluster

    try:
        made = Cluster(SETTINGS, temporary.short())
    except Problem as problem:
        settings.refuse(problem)
    # Its processes write into the folder that is to go.
    temporary.before_end(made.close)
    return made


def launch(**options: object) -> tuple[object, str, str]:
    """Serve the app where the settings say; the first visitor finds the small networks loaded."""
    if shared_gpu.SHARED:
        put_behind(shared_gpu.SharedGPU())
    elif SETTINGS.cluster:
        put_behind(cluster())
    elif SETTINGS.workers:
        workers = Workers(SETTINGS.workers)
        # They read their libraries while the page is built here.
        workers.begin()
        put_behind(workers)
    warm = WarmUp()
    app = build()
    gc.enable()
    gc.freeze()
    return app.launch(
        server_name=SETTINGS.host,
        server_port=SETTINGS.port,
        theme=theme(),
        css=families.colours(),
        css_paths=sorted((ASSETS / "style").glob("*.css")),
        head=head(),
        footer_links=["api"],
        max_file_size=MOST_BYTES,
        max_threads=UNDER_WAY,
        **serve.options(SETTINGS, warm.begin, warm.done),
        **options,
    )


if __name__ == "__main__":
    try:
        launch()
    except OSError as error:
        # The port was free when the process began.
        settings.refuse(settings.port_taken(SETTINGS, str(error)))
