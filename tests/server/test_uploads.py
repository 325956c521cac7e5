"""Uploads through the app: bounded, counted, deleted where they were cut."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Message

from demo.server.disk import Disk
from demo.server.uploads import gathered, visitor_of
from demo.text import text
from tests.loops import finished
from tests.serving import Served, serving

EN, JA = text("en"), text("ja")
MB = 2**20
VISITOR = 24
"""Megabytes of one visitor here; an upload may have 20."""


@pytest.fixture(scope="module")
def small() -> Iterator[Served]:
    """An app with little room."""
    with serving(FOUR_FAMILIES_VISITOR_MB=str(VISITOR), FOUR_FAMILIES_UPLOADS_MB="100") as app:
        yield app
        assert "Traceback" not in app.log, app.log


def send(app: Served, size: int, page: str = "") -> httpx.Response:
    return httpx.post(
        f"{app.url}gradio_api/upload",
        files={"files": ("photo.png", b"x" * size)},
        headers={"referer": f"{app.url}{page}"},
        timeout=120,
    )


def on_disk(app: Served) -> int:
    return sum(file.stat().st_size for file in app.files if file.exists())


def test_a_file_of_more_than_20_mb_is_refused_in_the_pages_language(small: Served) -> None:
    before = on_disk(small)
    for page, words in (("", EN), ("ja", JA)):
        answer = send(small, 20 * MB + 1, page)
        assert answer.status_code == 413
        assert answer.text == words("server.file_large", most=20)
    assert on_disk(small) == before


def test_one_visitor_fills_no_disk(small: Served) -> None:
    """638 MB of rubbish, as they were sent once: at most the visitor's share stays."""
    answers = [send(small, 11 * MB, "ja") for _ in range(58)]
    assert {answer.status_code for answer in answers} == {200, 413}
    assert answers[-1].text == JA("server.visitor_full", most=VISITOR, minutes=10)
    assert on_disk(small) <= VISITOR * MB


@pytest.mark.parametrize("complete", [False, True])
def test_what_was_cut_is_deleted(small: Served, complete: bool) -> None:
    before = set(small.files)
    address = urlsplit(small.url)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="cut.png"\r\n\r\n'
        + b"y" * 2 * MB
    )
    length = len(body) if complete else 10 * MB
    head = (
        f"POST /gradio_api/upload HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {length}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=120) as sending:
        sending.sendall(head.encode() + body)
        if complete:
            assert b"\r\n" in sending.recv(4096)
        else:
            wait_for(lambda: set(small.files) - before)
    wait_for(lambda: set(small.files) <= before)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"photo"),
        ("", b""),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\ntext\r\n--x--\r\n',
        ),
    ],
)
def test_what_is_no_upload_gets_a_sentence(small: Served, kind: str, body: bytes) -> None:
    before = set(small.files)
    for query in ("", "?upload_id=a"):
        answer = httpx.post(
            f"{small.url}gradio_api/upload{query}",
            content=body,
            headers={"content-type": kind, "referer": f"{small.url}ja"},
            timeout=120,
        )
        assert answer.status_code == 400
        assert answer.text == JA("server.upload_broken")
    assert set(small.files) == before


def test_an_upload_lies_where_nobody_else_can_guess(app: Served) -> None:
    paths = [send(app, 10).json()[0] for _ in range(2)]
    assert paths[0] != paths[1]
    assert all(path.endswith("photo.png") for path in paths)
    # Of the same bytes under the same name: a folder of the visitor's, and one of each request.
    places = [Path(path).parts[-5:-2] for path in paths]
    assert [place[0] for place in places] == ["uploads"] * 2
    drawn = {place[1] for place in places} | {place[2] for place in places}
    assert len(drawn) == 3
    assert {len(base64.urlsafe_b64decode(name)) for name in drawn} == {9}
    assert all(httpx.get(f"{app.url}gradio_api/file={path}").content == b"x" * 10 for path in paths)


def test_the_next_run_knows_a_visitor_by_another_folder(tmp_path: Path) -> None:
    disks = [Disk(tmp_path / name, MB, MB) for name in "ab"]
    first, second = (disk.enter("192.0.2.1").parent.name for disk in disks)
    assert first != second
    assert disks[0].enter("192.0.2.1").parent.name == first


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>struck = 1</script>"),
        ("page.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
        ("page.xml", b'<x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>1</h:script></x>'),
        ("page.png", b"<script>struck = 1</script>"),
    ],
)
def test_what_was_sent_never_opens_as_a_page(app: Served, name: str, content: bytes) -> None:
    sent = httpx.post(f"{app.url}gradio_api/upload", files={"files": (name, content)}, timeout=120)
    answer = httpx.get(f"{app.url}gradio_api/file={sent.json()[0]}")
    assert answer.content == content
    saved = answer.headers.get("content-disposition", "").startswith("attachment")
    assert saved or answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_in_a_space_uploads_count_for_whom_the_proxy_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"client": ("10.0.0.7", 1), "headers": [(b"x-forwarded-for", b"8.8.8.8")]}
    assert visitor_of(asked) == "10.0.0.7"
    monkeypatch.setenv("SPACE_ID", "somebody/space")
    assert visitor_of(asked) == "8.8.8.8"
    assert visitor_of({"client": None, "headers": []}) == ""


def wait_for(holds: object) -> None:
    """Until it holds; the test run's own limit ends a wait for ever."""
    assert callable(holds)
    while not holds():
        pass


def parts_of(messages: list[Message]) -> list[Message]:
    """What comes of the messages until the last of them, in parts of at least 4 bytes."""
    left = iter(messages)

    async def receive() -> Message:
        return next(left)

    async def all_of() -> list[Message]:
        part, found = gathered(receive, 4), []
        while not found or (found[-1].get("more_body")):
            found.append(await part())
        return found

    return finished(all_of())


def sent(body: bytes, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_small_parts_are_written_together() -> None:
    messages = [sent(b"ab"), sent(b"c"), sent(b"de"), sent(b"fghij"), sent(b"k"), sent(b"", False)]
    found = parts_of(messages)
    assert found == [sent(b"abcde"), sent(b"fghij"), sent(b"k", False)]
    assert parts_of([sent(b"", False)]) == [sent(b"", False)]


def test_who_leaves_is_heard_behind_what_they_sent() -> None:
    gone = {"type": "http.disconnect"}
    assert parts_of([sent(b"ab"), sent(b"c"), gone]) == [sent(b"abc"), gone]
    assert parts_of([gone]) == [gone]
