"""Classes made on the page: photos come and go, a set that is not whole says what it lacks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.lane import Turn
from demo.page import kept
from demo.photo import _DECODED
from demo.records import Problem
from demo.server.disk import Disk
from demo.text import text
from demo.topics.train.records import Skipped
from demo.topics.train.scenes import rivals, sets, view, visits
from demo.topics.train.scenes.adding import adding
from tests.topics.train.conftest import Asks

T, J = text("en"), text("ja")
RANDOM = np.random.default_rng(5)


def files(folder: Path, *names: str, shade: int = 0) -> list[str]:
    """Noise, each file's own."""
    paths = []
    for name in names:
        pixels = RANDOM.integers(0, 180, (32, 40, 3)).astype(np.uint8)
        pixels[..., shade] += 70
        Image.fromarray(pixels).save(folder / name)
        paths.append(str(folder / name))
    return paths


def add(paths: Sequence[str], into: str, before: str) -> tuple[str, str, tuple[Skipped, ...]]:
    """What the set has become; the files are gone, whatever comes of them."""
    try:
        *_, done = adding(paths, into, before, T)
    finally:
        assert not any(Path(path).exists() for path in paths)
    assert isinstance(done, tuple)
    return done


def sentence(html: str) -> str:
    found = re.search(r'class="scene-sentence"[^>]*>([^<]*)<', html)
    assert found
    return found[1]


def shown(steps: Iterator[str | Turn]) -> list[str]:
    return [step for step in steps if not isinstance(step, Turn)]


def test_a_set_grows_class_by_class_and_says_what_it_lacks(
    folder: Path, sent: Path, asks: Asks
) -> None:
    asks("grows")
    token, called, skipped = add(files(sent, "1.png", "2.jpg"), "", "")
    assert (called, skipped) == ("Class 1", ())
    drawn = view.classes(T, token, "0")
    assert sentence(drawn).startswith("2 photos in 1 class so far. At least 2 classes are needed")
    # Nothing is trained on it: the way to the photos is shown instead.
    for steps in (
        view.learning(T, token, "mini_resnet", "head", "0"),
        view.learned(T, token, "mini_resnet", "head", "0"),
        rivals.rivals(T, token, "mini_resnet", "head", "0", "mini_densenet"),
    ):
        (unready,) = shown(steps)
        assert 'data-open-scene="classes"' in unready
        assert sentence(unready).startswith("At least 2 classes are needed")
    token, called, _ = add(files(sent, "3.png"), " 犬 ", token)
    assert called == "犬"
    assert "犬 has 1 photo that can be read; it needs" in sentence(view.classes(T, token, "0"))
    token, _, _ = add(files(sent, "4.png"), "犬", token)
    said = sentence(view.classes(T, token, "0"))
    assert said.startswith("4 photos in 2 classes: 2 to learn from and 2 held out")
    assert said.endswith("Class 1 and 犬 (at least 5 a class are better).")
    assert "2クラス、4枚の写真です" in sentence(view.classes(J, token, "0"))
    photos = visits.kept(token)
    assert (photos.classes, photos.counts) == (("Class 1", "犬"), (2, 2))
    assert photos.names == ("1.png", "2.jpg", "3.png", "4.png")
    # The next without a name is a class of its own.
    token, called, _ = add(files(sent, "5.png"), "", token)
    assert called == "Class 2"


def test_what_cannot_be_read_is_listed_and_the_rest_taken(
    folder: Path, sent: Path, asks: Asks
) -> None:
    asks("reads")
    remembered = _DECODED.bytes
    paths = files(sent, "1.png", "2.png")
    broken, copy = sent / "broken.jpg", sent / "again.png"
    broken.write_bytes(b"\xff\xd8\xff\xe0 no more")
    copy.write_bytes(Path(paths[0]).read_bytes())
    token, _, skipped = add([*paths, str(broken), str(copy)], "cat", "")
    assert [(row.name, row.why.key) for row in skipped] == [
        ("broken.jpg", "problem.photo_broken"),
        ("again.png", "train.skipped.twice"),
    ]
    assert visits.kept(token).counts == (2,)
    # They are read in the decoder's process, and its pixels are kept by the visit alone.
    assert _DECODED.bytes == remembered
    # With nothing in it that can be read, the set is what it was.
    broken.write_bytes(b"hello")
    same, _, skipped = add([str(broken)], "dog", token)
    assert same == token
    assert [row.name for row in skipped] == ["broken.jpg"]


def test_a_zip_adds_its_folders(folder: Path, sent: Path, asks: Asks) -> None:
    asks("zips")
    token, _, _ = add(files(sent, "1.png", "2.png"), "cat", "")
    path = sent / "more.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for number, name in enumerate(("cat", "cat", "owl", "owl")):
            (made,) = files(sent, f"in{number}.png")
            packed.write(made, f"{name}/{number}.png")
            Path(made).unlink()
    token, _, skipped = add([str(path)], "ignored", token)
    photos = visits.kept(token)
    assert (photos.classes, photos.counts, skipped) == (("cat", "owl"), (4, 2), ())


def test_what_is_too_much_is_refused_whole(folder: Path, sent: Path, asks: Asks) -> None:
    asks("full")
    token, _, _ = add(files(sent, "1.png"), "cat", "")
    paths = files(sent, *(f"{number}.bmp" for number in range(3)))
    with pytest.raises(Problem) as caught:
        add([*paths, *(str(sent / f"none{number}") for number in range(498))], "cat", token)
    assert caught.value.values == {"most": 500, "count": 501}
    assert visits.kept(token).counts == (1,)


def test_photos_and_classes_are_removed_in_the_picture(
    folder: Path, sent: Path, asks: Asks
) -> None:
    asks("edits")
    token, _, _ = add(files(sent, "1.png", "2.png"), "a<b>", "")
    token, _, _ = add(files(sent, "3.png", "4.png"), "dog", token)
    drawn = view.classes(T, token, "0")
    keys = re.findall(r'data-edit="photo" data-of="([^"]*)"', drawn)
    assert keys == [photo.key for photo in visits.kept(token).photos]
    assert '<input type="text" value="a&lt;b&gt;" data-of="a&lt;b&gt;"' in drawn
    assert drawn.count('data-edit="class" data-of=') == 2
    assert "<b>" not in drawn.replace("<b></b>", "")
    # The drawn pictures are nobody's to change.
    assert "data-edit" not in view.classes(T, "", "0")
    after = visits.changed(token, sets.change("photo", keys[0]))
    assert visits.kept(after).counts == (1, 2)
    # What the set was is not there any more; a late click on it finds what it has become.
    with pytest.raises(Problem):
        visits.kept(token)
    after = visits.changed(token, sets.change("name", "dog", "wolf"))
    assert visits.kept(after).classes == ("a<b>", "wolf")
    after = visits.changed(after, sets.change("class", "wolf"))
    assert visits.kept(after).counts == (1,)
    # With its last photo the set ends, and its folder.
    assert visits.changed(after, sets.change("photo", keys[1])) == ""
    assert [*(folder / "visits").iterdir()] == []


def test_nobody_changes_anothers_set(folder: Path, sent: Path, asks: Asks) -> None:
    asks("owner")
    token, _, _ = add(files(sent, "1.png", "2.png"), "cat", "")
    asks("other")
    mine, _, _ = add(files(sent, "3.png"), "dog", token)
    assert mine.partition(".")[0] != token.partition(".")[0]
    assert visits.kept(mine).classes == ("dog",)
    assert visits.changed(token, sets.change("class", "cat")) == ""
    assert visits.kept(token).counts == (2,)


def test_a_visit_keeps_three_folders(folder: Path, sent: Path, asks: Asks) -> None:
    asks("hoards")
    tokens = [add(files(sent, "1.png"), "cat", "")[0] for _ in range(5)]
    assert len([*(folder / "visits").iterdir()]) == 3
    with pytest.raises(Problem):
        visits.kept(tokens[1])
    assert visits.kept(tokens[2]).counts == (1,)


def test_only_what_was_sent_is_read_or_deleted(folder: Path, sent: Path, asks: Asks) -> None:
    asks("names others")
    (mine,), (other,) = files(sent, "mine.png"), files(folder, "lock.png")
    link, up = sent / "link.png", sent / ".." / ".." / ".." / "lock.png"
    link.symlink_to(other)
    for path in (Path(other), link, up, sent, folder / "uploads", Path("lock.png")):
        with pytest.raises(Problem) as caught:
            next(adding([mine, str(path)], "cat", "", T))
        assert caught.value.key == "train.problem.not_sent"
        assert path.name == "lock.png" or path.exists()
    assert Path(other).exists()
    assert Path(mine).exists()
    assert not (folder / "visits").exists()


def test_what_has_no_room_is_refused_and_the_set_stays(
    folder: Path, sent: Path, asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks("hoards bytes")
    monkeypatch.setattr(kept, "_ACCOUNTS", [])
    kept.count_by(Disk(folder, most=2**30, most_of_one=5 * 2**18))
    token, _, _ = add(noise(sent, 3), "cat", "")
    before = visits.kept(token)
    for into in (token, ""):
        with pytest.raises(Problem) as caught:
            add(noise(sent, 4), "dog", into)
        assert caught.value.key == "server.visitor_full"
    assert visits.kept(token).names == before.names
    assert len([*(folder / "visits").iterdir()]) == 1
    # Written anew with less in it, it takes no room beside itself.
    after = visits.changed(token, sets.change("photo", before.photos[0].key))
    assert visits.kept(after).counts == (2,)


def noise(folder: Path, count: int) -> list[str]:
    """Photos of 192 KB each, once they are in a set."""
    paths = [folder / f"noise{number}.png" for number in range(count)]
    for path in paths:
        Image.fromarray(RANDOM.integers(0, 255, (256, 256, 3)).astype(np.uint8)).save(path)
    return [str(path) for path in paths]
