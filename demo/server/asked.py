"""What a request may ask for: the addresses that are served, and the questions that make sense."""

from __future__ import annotations

import json
import re
from typing import Any

import gradio as gr

from demo import temporary
from demo.records import Problem

API = "/gradio_api"
MOST_BYTES = 2**20
"""Of a question's JSON: tokens, choices and labels, never a picture."""

# What the page and the clients use. Gradio has more: deep links that copy a session to the disk,
# functions of components, recordings, monitoring, a proxy to other Spaces, streams, logins.
_EXACT = {
    "GET": {
        "/config",
        "/theme.css",
        "/favicon.ico",
        "/robots.txt",
        "/manifest.json",
        f"{API}/theme.css",
        f"{API}/info",
        f"{API}/openapi.json",
        f"{API}/app_id",
        f"{API}/startup-events",
        f"{API}/queue/data",
        f"{API}/queue/status",
        f"{API}/upload_progress",
    },
    "POST": {f"{API}/queue/join", f"{API}/upload", f"{API}/cancel", f"{API}/reset"},
}
_BELOW = {
    "GET": ("/assets/", "/static/", "/svelte/", f"{API}/heartbeat/", f"{API}/call/"),
    "POST": (f"{API}/call/", f"{API}/run/"),
}
_FILE = re.compile(re.escape(API) + r"/file=(?![a-z][a-z0-9+.-]*:/)", re.IGNORECASE)
_CALL = re.compile(re.escape(API) + r"/(call/v2|call|run)/([^/]+)/?")
_EVENT = ("fn_index", "event_data", "trigger_id")
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


def served(method: str, path: str, blocks: gr.Blocks) -> bool:
    """Whether there is anything at this address."""
    if "\0" in path or "\ufffd" in path:
        return False
    method = "GET" if method == "HEAD" else method
    if method not in _EXACT:
        return method == "OPTIONS"
    bare = path.rstrip("/") or "/"
    pages = {f"/{page}" for page, *_ in blocks.pages} if method == "GET" else set()
    if bare in _EXACT[method] or bare in pages:
        return True
    if path.startswith(_BELOW[method]):
        return True
    file = _FILE.match(path) if method == "GET" else None
    return file is not None and not temporary.is_kept_back(path[file.end() :])


def is_file(path: str) -> bool:
    """Whether it is a file of the temporary folder, which a visitor may have sent."""
    return _FILE.match(path) is not None


def is_answered_at_once(path: str) -> bool:
    """Whether the request stays open until the answer is there, instead of only asking for it."""
    call = _CALL.fullmatch(path)
    return bool(call) and call[1] == "run"


def is_page(path: str, query: bytes, blocks: gr.Blocks) -> bool:
    """Whether it is a page, or the configuration of all, which everybody gets alike."""
    if path == "/config":
        return not query
    # Gradio would look for a link of its own kind, which this app does not have.
    return b"deep_link" not in query and path in {f"/{page}" for page, *_ in blocks.pages}


def question(path: str, body: bytes, blocks: gr.Blocks) -> dict[str, Any]:
    """What a question asks, with nothing in it but what Gradio is to know.

    Raises:
        Problem: "server.not_json", "server.no_endpoint", "server.no_event", "server.no_session" or
            "server.no_data".
    """
    try:
        asked = _whole(json.loads(body))
    except (ValueError, RecursionError):
        raise Problem("server.not_json") from None
    if not isinstance(asked, dict):
        raise Problem("server.not_json")
    call = _CALL.fullmatch(path)
    by_name = bool(call) and (call[1] != "run" or "fn_index" not in asked)
    if call and by_name:
        _known(call[2], blocks)
    if not call and path.rstrip("/") != f"{API}/queue/join":
        return asked
    if call and call[1] == "call/v2":
        return asked
    if not isinstance(asked.get("data"), list):
        raise Problem("server.no_data")
    names = ("session_hash",) if by_name else ("session_hash", *_EVENT)
    kept = {name: asked[name] for name in names if asked.get(name) is not None}
    _fits(kept, None if by_name else blocks)
    return {"data": asked["data"], **kept}


def _whole(asked: Any) -> Any:
    """The same, with a question mark for each half of a character that stands alone.

    JSON may hold one, but no answer can, and a stream that should say one breaks off.
    """
    return json.loads(json.dumps(asked, ensure_ascii=False).encode(errors="replace"))


def _known(name: str, blocks: gr.Blocks) -> None:
    public = {fn.api_name for fn in blocks.fns.values() if fn.api_visibility == "public"}
    if name not in public:
        raise Problem("server.no_endpoint", name=name)


def _fits(kept: dict[str, Any], blocks: gr.Blocks | None) -> None:
    """Check who asks, and for which event of the page where there are blocks."""
    session = kept.get("session_hash", None if blocks else "api")
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        raise Problem("server.no_session")
    if blocks is None:
        return
    index, trigger = kept.get("fn_index"), kept.get("trigger_id", 0)
    # True would be 1.
    if type(index) is not int or index not in blocks.fns or type(trigger) is not int:
        raise Problem("server.no_event")
