"""What a tab keeps of its photos: tokens that only this process can make."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from demo.page import photos
from demo.records import Problem


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty upload folder."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


def test_a_token_brings_its_photo_back(uploads: Path) -> None:
    upload = uploads / "ab12" / "写真 1.png"
    refs = [photos.of_example("ship"), photos.of_file(str(upload)), photos.of_example("lion")]
    assert [photos.unseal(photos.seal(ref)) for ref in refs] == refs
    assert photos.unseal_all(photos.seal_all(refs)) == refs
    assert photos.unseal_all(photos.seal_all([])) == []
    assert photos.opened(photos.seal(refs[0])) is photos.load(refs[0])


def test_no_token_is_no_photo() -> None:
    assert photos.unseal("") is None
    assert photos.opened(None) is None
    assert photos.unseal_all(None) == []


def test_a_token_does_not_name_the_folders_of_the_machine(uploads: Path) -> None:
    body = photos.seal(photos.of_file(str(uploads / "ab12" / "a.png"))).partition(".")[0]
    assert json.loads(base64.urlsafe_b64decode(body)) == ["ab12/a.png", "", "a.png"]


def test_a_file_that_was_not_uploaded_gets_no_token(uploads: Path) -> None:
    for foreign in ("/etc/passwd", str(uploads / ".." / "x.png"), "x.png"):
        with pytest.raises(Problem, match=r"page\.photo_gone"):
            photos.seal(photos.of_file(foreign))


def test_a_token_that_was_changed_or_made_elsewhere_is_refused(uploads: Path) -> None:
    body, _, signature = photos.seal(photos.of_example("ship")).partition(".")
    foreign = base64.urlsafe_b64encode(json.dumps(["../../etc/passwd", "", ""]).encode()).decode()
    last = "A" if signature[-1] != "A" else "B"
    changed = (
        f"{foreign}.{signature}",
        f"{body}.{signature[:-1]}{last}",
        f"{body}.",
        body,
        f".{signature}",
        "写真.写真",
        "\ud800.\ud800",
        "\0",
    )
    for token in changed:
        with pytest.raises(Problem, match=r"page\.photo_gone"):
            photos.opened(token)


def test_a_photo_that_was_swept_away_says_so(uploads: Path) -> None:
    token = photos.seal(photos.of_file(str(uploads / "ab12" / "gone.png")))
    with pytest.raises(Problem, match=r"page\.photo_gone"):
        photos.opened(token)


def test_more_tokens_than_photos_at_once_are_not_read() -> None:
    tokens = photos.seal_all([photos.of_example("ship")] * (photos.MOST + 3))
    assert len(photos.unseal_all(tokens)) == photos.MOST
