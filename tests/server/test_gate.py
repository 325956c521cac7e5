"""What reaches Gradio at all, and how the rest is refused."""

from __future__ import annotations

import json
from pathlib import Path

import gradio as gr
import httpx
import pytest
from gradio_client import Client, handle_file

from demo.server import asked
from demo.text import text
from tests.server.conftest import Ask
from tests.server.tab import Tab
from tests.serving import ROOT, Served, call

EN, JA = text("en"), text("ja")
FILE = {"_type": "gradio.FileData"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "gradio_api/deep_link?session_hash=x"),
        ("POST", "gradio_api/component_server"),
        ("POST", "gradio_api/component_server/"),
        ("POST", "gradio_api/process_recording"),
        ("GET", "monitoring"),
        ("GET", "monitoring/summary"),
        ("GET", "monitoring/x"),
        ("GET", "gradio_api/proxy=https://x.hf.space/"),
        ("GET", "gradio_api/custom_component/x/client/component/index.js"),
        ("GET", "gradio_api/dev/reload"),
        ("GET", "gradio_api/runs"),
        ("GET", "gradio_api/stream/a/b/1/playlist.m3u8"),
        ("POST", "gradio_api/stream/x"),
        ("POST", "gradio_api/vibe-edit"),
        ("GET", "gradio_api/vibe-code"),
        ("POST", "login"),
        ("GET", "logout"),
        ("GET", "gradio_api/token"),
        ("GET", "openapi.json"),
        ("GET", "docs"),
        ("GET", "pwa_icon"),
        ("GET", "nowhere"),
        ("PUT", "config"),
    ],
)
def test_what_no_component_uses_is_not_there(http: httpx.Client, method: str, path: str) -> None:
    answer = http.request(method, path)
    assert answer.status_code == 404
    assert answer.json() == {"detail": EN("server.nothing_here")}


def test_what_the_page_uses_is_there(http: httpx.Client) -> None:
    for path in ("", "ja", "config", "theme.css", "favicon.ico", "gradio_api/info"):
        assert http.get(path).status_code == 200, path


def test_a_page_is_small_on_its_way_and_the_same_for_everybody(http: httpx.Client) -> None:
    for path in ("", "ja", "config"):
        plain = http.get(path, headers={"accept-encoding": "identity"})
        small = http.get(path, headers={"accept-encoding": "gzip, br"})
        again = http.get(path, headers={"accept-encoding": "gzip, br"})
        assert "content-encoding" not in plain.headers
        assert small.headers["content-encoding"] == "br"
        assert small.text == again.text == plain.text
        # A quarter of what a first page may take with its scripts and styles; a third for what
        # programs ask for, which holds the pages of both languages.
        assert int(small.headers["content-length"]) < 700_000 / (3 if path == "config" else 4)


def test_a_page_holds_the_address_by_which_its_visitor_came(http: httpx.Client) -> None:
    other = {"x-forwarded-host": "lesson.example", "x-forwarded-proto": "https"}
    assert '"root":"https://lesson.example"' in http.get("", headers=other).text
    assert "lesson.example" not in http.get("").text
    for number in range(20):
        http.get("", headers={"x-forwarded-host": f"host{number}.example"})
    assert '"root":"https://lesson.example"' in http.get("", headers=other).text


@pytest.mark.parametrize(("lang", "lion"), [("en", "lion"), ("ja", "ライオン")])
def test_the_class_names_are_given_when_a_page_asks(
    http: httpx.Client, lang: str, lion: str
) -> None:
    rows = http.get(f"class-names/{lang}.json").json()
    assert len(rows) == 1000
    assert rows[291][:2] == ["lion", lion]
    assert http.get("class-names/fr.json").status_code == 404


def test_health_says_that_it_is_up_and_readiness_that_the_networks_are(
    http: httpx.Client,
) -> None:
    assert http.get("healthz").json() == {"up": True}
    ready = http.get("readyz")
    while ready.status_code == 503:
        assert ready.json() == {"ready": False}
        ready = http.get("readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True})


@pytest.mark.parametrize(
    ("path", "body", "status", "key"),
    [
        ("call/predict", "{", 400, "server.not_json"),
        ("call/predict", "[1]", 400, "server.not_json"),
        ("call/predict", "[" * 100_000, 400, "server.not_json"),
        ("call/predict", "", 400, "server.not_json"),
        ("call/predict", '{"data": 1}', 400, "server.no_data"),
        ("call/predict", "{}", 400, "server.no_data"),
        ("call/v2/predict", "{", 400, "server.not_json"),
        ("queue/join", "{}", 400, "server.no_data"),
        *[
            ("queue/join", json.dumps({"data": [], **sent}), status, key)
            for sent, status, key in (
                ({}, 400, "server.no_session"),
                ({"session_hash": "../a", "fn_index": 1}, 400, "server.no_session"),
                ({"session_hash": {}, "fn_index": 1}, 400, "server.no_session"),
                ({"session_hash": "a"}, 404, "server.no_event"),
                ({"session_hash": "a", "fn_index": -1}, 404, "server.no_event"),
                ({"session_hash": "a", "fn_index": "1"}, 404, "server.no_event"),
                ({"session_hash": "a", "fn_index": True}, 404, "server.no_event"),
                ({"session_hash": "a", "fn_index": 1e9}, 404, "server.no_event"),
                ({"session_hash": "a", "fn_index": 1, "trigger_id": []}, 404, "server.no_event"),
            )
        ],
    ],
)
def test_a_question_without_sense_gets_a_sentence(
    http: httpx.Client, path: str, body: str, status: int, key: str
) -> None:
    answer = http.post(f"gradio_api/{path}", content=body)
    assert answer.status_code == status
    assert answer.json() == {"detail": EN(key)}


def test_an_endpoint_that_is_not_there_is_named(http: httpx.Client) -> None:
    for name in ("nothing", "restore", "0"):
        answer = http.post(f"gradio_api/call/{name}", json={"data": []})
        assert answer.status_code == 404
        assert answer.json() == {"detail": EN("server.no_endpoint", name=name)}


def test_the_page_is_answered_in_its_language(http: httpx.Client, app: Served) -> None:
    body = {"content": "{", "headers": {"referer": f"{app.url}ja?tab=compare"}}
    answer = http.post("gradio_api/queue/join", **body)
    assert answer.json() == {"detail": JA("server.not_json")}


def test_a_question_is_never_large(http: httpx.Client) -> None:
    answer = http.post("gradio_api/call/predict", content=b" " * (2**20 + 1))
    assert answer.status_code == 413
    assert answer.json() == {"detail": EN("server.question_large", most=1)}


def test_a_stream_that_nobody_asked_for_says_so(http: httpx.Client) -> None:
    gone = EN("server.no_session")
    stream = http.get("gradio_api/queue/data?session_hash=nobody")
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert gone in stream.text
    answer = http.get("gradio_api/call/predict/0123456789abcdef")
    assert (answer.status_code, answer.json()) == (404, {"detail": gone})


def test_a_host_header_that_is_no_address_gets_a_sentence(http: httpx.Client) -> None:
    answer = http.get("", headers={"x-forwarded-host": "a:b:c"})
    assert answer.status_code == 400
    assert "does not fit" in answer.json()["detail"]


@pytest.mark.parametrize(
    "image",
    [
        None,
        "x",
        7,
        {},
        {"path": None},
        {"path": str(Path(__file__).resolve())},
        {"path": str(Path(__file__).resolve()), "meta": FILE},
        {"path": "/etc/passwd", "meta": FILE},
        {"path": "../../etc/passwd", "meta": FILE},
        {"path": "", "meta": FILE},
        {"path": ".", "meta": FILE},
        {"path": 5, "meta": FILE},
        {"path": "a\0b", "meta": FILE},
        {"path": "a\0b"},
        {"path": "\ud800", "meta": FILE},
        {"path": "\ud800"},
        {"path": "x", "meta": FILE, "url": 7, "is_stream": "yes"},
        {"path": "x", "meta": {"_type": "gradio.Nothing"}},
        {"path": "file:///etc/passwd", "meta": FILE},
        {"path": "ftp://127.0.0.1/x", "meta": FILE},
        {"url": "file:///etc/passwd", "path": "", "meta": FILE},
    ],
)
def test_what_is_no_uploaded_picture_is_said_to_be_none(ask: Ask, image: object) -> None:
    answer = ask("predict", [image, ["mini_resnet"], 3])
    assert answer["event"] == "error"
    assert answer["data"]["error"] == EN("api.no_image")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/healthz",
        "http://localhost:{port}/healthz",
        "HTTP://127.0.0.1:{port}/healthz",
        " http://127.0.0.1:{port}/healthz",
        "http://0.0.0.0:{port}/healthz",
        "http://[::1]:{port}/healthz",
        "http://[::ffff:127.0.0.1]:{port}/healthz",
        "http://2130706433:{port}/healthz",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://nowhere.invalid/photo.png",
        "http://",
        "http:///x",
        "https://127.0.0.1:1/",
        "http:127.0.0.1/x",
        "http://a b/",
    ],
)
def test_an_address_that_is_not_public_or_not_there_is_not_fetched(
    ask: Ask, app: Served, address: str
) -> None:
    port = app.url.rstrip("/").rpartition(":")[2]
    named = address.format(port=port)
    for image in ({"path": named}, {"path": named, "url": named, "meta": FILE}):
        answer = ask("predict", [image, ["mini_resnet"], 3])
        assert answer["event"] == "error"
        assert answer["data"]["error"] == EN("server.no_address", address=named)


def test_arguments_that_are_missing_are_counted(ask: Ask) -> None:
    answer = ask("gradcam", [{"path": "x"}])
    assert answer["event"] == "error"
    assert answer["data"]["error"] == EN("server.missing", needed=4, given=1)


def test_arguments_by_name_that_do_not_fit_get_a_sentence(http: httpx.Client) -> None:
    for sent, words in (({}, "image"), ({"image": {}, "colour": 1}, "colour")):
        answer = http.post("gradio_api/call/v2/gradcam", json=sent)
        assert answer.status_code == 400
        assert words in answer.json()["detail"]


def test_gradios_client_hears_the_same_sentences(app: Served) -> None:
    client = Client(app.url, verbose=False)
    asked = ["mini_resnet"], 3
    with pytest.raises(Exception, match="Send a picture") as failure:
        call(client, "predict", {"path": str(ROOT / "app.py")}, *asked)
    assert "upstream" not in str(failure.value)
    with pytest.raises(Exception, match="could be fetched from http://127") as failure:
        call(client, "predict", handle_file("http://127.0.0.1:9/x.png"), *asked)
    assert "upstream" not in str(failure.value)
    with pytest.raises(Exception, match="image"):
        call(client, "gradcam")


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../app.py",
        "app.py",
        "demo/photo.py",
        str(ROOT / "app.py"),
        str(ROOT / "assets" / "weights" / "card.json"),
        ".git/config",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "a%00b",
        "%ff",
        "%ed%a0%80",
        "~/.bashrc",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.com/x.png",
        "//127.0.0.1/x",
        "\\\\127.0.0.1\\x",
    ],
)
def test_no_path_of_the_server_can_be_read(http: httpx.Client, path: str) -> None:
    for address in (f"gradio_api/file={path}", f"static/{path}", f"assets/{path}"):
        answer = http.get(address)
        assert answer.status_code in (400, 403, 404), address
        assert "root:" not in answer.text
        assert "import" not in answer.text


def test_no_directory_is_served(http: httpx.Client, picture: Path) -> None:
    sent = Path(http.post("gradio_api/upload", files={"files": picture.read_bytes()}).json()[0])
    assert http.get(f"gradio_api/file={sent}").content == picture.read_bytes()
    uploads = next(one for one in sent.parents if one.name == "uploads")
    folders = [*sent.parents, uploads.parent / "exports", ROOT, ROOT / "demo", ROOT / "assets"]
    for folder in folders:
        for address in (f"gradio_api/file={folder}", f"gradio_api/file={folder}/"):
            answer = http.get(address)
            assert answer.status_code in (403, 404), address
            # Neither what lies in it nor what lies below it is told.
            told = answer.text.replace(str(folder), "")
            assert not any(one.name in told for one in (sent, *sent.parents[:3])), told
    for place in ("assets/", "static/", "svelte/", "gradio_api/call/", "class-names/"):
        assert http.get(place).status_code in (400, 403, 404), place


def test_a_link_among_the_uploads_leads_nowhere(
    http: httpx.Client, app: Served, ask: Ask, picture: Path
) -> None:
    sent = http.post("gradio_api/upload", files={"files": ("a.png", picture.read_bytes())})
    link = Path(sent.json()[0]).with_name("link.png")
    link.symlink_to("/etc/passwd")
    assert http.get(f"gradio_api/file={link}").status_code == 403
    answer = ask("predict", [{"path": str(link), "meta": FILE}, ["mini_resnet"], 3])
    assert answer["data"]["error"] == EN("api.no_image")


def test_what_the_process_keeps_for_itself_is_not_handed_out(
    http: httpx.Client, app: Served, picture: Path
) -> None:
    sent = Path(http.post("gradio_api/upload", files={"files": picture.read_bytes()}).json()[0])
    assert http.get(f"gradio_api/file={sent}").status_code == 200
    (own,) = app.folder.iterdir()
    kept = own / "visits" / "x" / "set"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"photos")
    for path in (own / "lock", kept, f"{sent.parent}/../../../../lock", f"{own}//visits/x/set"):
        for method in ("GET", "HEAD"):
            assert http.request(method, f"gradio_api/file={path}").status_code == 404, path
    kept.unlink()
    kept.parent.rmdir()


@pytest.mark.parametrize("page", ["", "ja"])
def test_a_file_that_nobody_sent_stays_where_it_is(app: Served, page: str) -> None:
    tab, words = Tab(app, page, f"names{page}"), JA if page else EN
    (own,) = app.folder.iterdir()
    kept = own / "visits" / f"kept{page}" / "set"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"photos")
    for path in (own / "lock", kept):
        file = {"path": str(path), "meta": FILE}
        for event, data in (
            (tab.takes("train-load"), [file, ""]),
            (tab.takes("train-upload"), [[file], "", ""]),
        ):
            told = tab.send(event, data)
            assert words("train.problem.not_sent") in json.dumps(told, ensure_ascii=False)
            assert path.exists()
    kept.unlink()
    kept.parent.rmdir()


def test_half_a_character_breaks_no_answer(app: Served, http: httpx.Client, picture: Path) -> None:
    tab = Tab(app, "", "halves")
    edits = next(one for one in tab.events if tab.ids.get(one["targets"][0][0]) == "in-classes")
    upload = tab.takes("train-upload")
    sent = http.post("gradio_api/upload", files={"files": picture.read_bytes()}).json()[0]
    file = {"path": sent, "meta": FILE}
    for event, data, more in (
        (edits, [""], {"edit": "into", "of": "\udc00dog"}),
        (upload, [[file], "\ud800dog", ""], None),
    ):
        told = tab.send(event, data, more)
        assert told["success"]
        values = dict(zip(event["outputs"], told["output"]["data"], strict=True))
        (name,) = (value for one, value in values.items() if tab.ids[one] == "train-class")
        assert name == "?dog"


@pytest.mark.parametrize("name", ["data", "event_data"])
def test_halves_of_characters_are_replaced_where_a_question_comes_in(name: str) -> None:
    sent = {"data": [], "session_hash": "a", "fn_index": 0, name: [{"a\ud800": "\udc00b"}, "犬😀"]}
    with gr.Blocks() as blocks:
        gr.on([blocks.load], lambda: None)
    kept = asked.question("/gradio_api/queue/join", json.dumps(sent).encode(), blocks)
    assert kept[name] == [{"a?": "?b"}, "犬😀"]


def test_gradio_finds_its_own_page_at_once(http: httpx.Client) -> None:
    for path in ("", "ja"):
        answer = http.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
