"""The scenes: what they say of the built-in set, and whose a visit's own photos are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from demo.lane import Turn
from demo.page import own
from demo.records import Photo, Problem
from demo.text import text
from demo.topics.train.figures import curves, photos as rows, result as results
from demo.topics.train.numbers import judged, split
from demo.topics.train.records import PhotoSet, Replaced, Skipped, Split, Step
from demo.topics.train.restored import restored
from demo.topics.train.scenes import sets, taken, view, visits, work
from demo.topics.train.scenes.drawn import built_in
from demo.topics.train.training import Trained, head_of

T = text("en")
SET = PhotoSet(
    ("a<b>", "dog"),
    tuple(Photo(f"{shade}", np.full((4, 6, 3), shade, np.uint8)) for shade in range(8)),
    np.array([0, 0, 0, 0, 1, 1, 1, 1]),
    tuple(f"{shade}.png" for shade in range(8)),
)


def drawn(steps: Iterator[str | Turn]) -> list[str]:
    return [step for step in steps if not isinstance(step, Turn)]


def sentence(html: str) -> str:
    found = re.search(r'class="scene-sentence"[^>]*>([^<]*)<', html)
    assert found
    return found[1]


def test_the_built_in_set_is_drawn_the_same_each_time() -> None:
    photos = built_in()
    assert (photos.classes, photos.counts) == (("car", "truck", "ship"), (16, 16, 16))
    first = photos.photos[0].pixels
    assert first.shape == (128, 128, 3)
    built_in.cache_clear()
    assert np.array_equal(built_in().photos[0].pixels, first)


def test_the_photos_say_how_they_are_divided() -> None:
    shown = view.classes(T, "", "0")
    assert sentence(shown).startswith(
        "48 photos in 3 classes: 36 to learn from and 12 held out, chosen by chance"
    )
    assert (shown.count('class="held"'), shown.count('class="learned"')) == (13, 30)
    assert "16 photos, 14 of them shown" in shown
    assert sentence(shown).endswith("the first photo of your own takes the place of all of them.")
    own_set = view.classes(T, visits.keep(SET), "0")
    assert "These pictures are drawn" not in own_set


def test_photos_that_take_the_place_of_the_drawn_ones_say_so() -> None:
    left_out = (Skipped("notes.txt", Problem("train.skipped.loose")),)
    first = sets.came("", "mine", (), T)
    assert "Your photos have taken the place of the drawn pictures." in first
    assert T("train.built_in") in first
    both = sets.came("", "mine", left_out, T)
    assert both == first + sets.skipped(left_out, T)
    # Later ones are added, and where none could be read nothing was replaced.
    assert sets.came("mine", "more", (), T) == sets.came("", "", (), T) == ""
    assert sets.came("mine", "more", left_out, T) == sets.skipped(left_out, T)


def test_few_and_uneven_photos_are_told(folder: Path) -> None:
    token = visits.keep(SET)
    said = sentence(view.classes(T, token, "0"))
    assert said.endswith(
        "Too few photos to learn much from: a&lt;b&gt; and dog (at least 5 a class are better)."
    )
    many = PhotoSet(
        ("cat", "dog"),
        SET.photos[:1] * 26,
        np.repeat([0, 1], [6, 20]),
        tuple(map(str, range(26))),
    )
    said = sentence(view.classes(T, visits.keep(many), "0"))
    assert "very uneven, from 6 to 20 photos" in said


def test_a_training_is_shown_as_it_goes_and_once() -> None:
    visits.RESULTS.clear()
    shown = drawn(view.learning(T, "", "mini_resnet", "head", "0"))
    said = [sentence(one) for one in shown]
    assert said[0] == "Training begins."
    assert said[1] == "The trained network looks at every photo once: 8 of 48."
    assert said[7].startswith("Epoch 1 of at most 60: ")
    assert "network.fc = nn.Linear(304, 3)" in shown[0]
    assert "learned from 36 photos" in said[-1]
    assert "11 of 12 photos that it never saw are right, 91.7 %" in said[-1]
    assert "(95 % interval 65 to 99 %)" in said[-1]
    # It is remembered: nothing is trained again.
    again = drawn(view.learning(T, "", "mini_resnet", "head", "0"))
    assert [sentence(one) for one in again] == [said[0], said[-1]]


def test_the_result_shows_mistakes_with_where_it_looked() -> None:
    *_, shown = drawn(view.learned(T, "", "mini_resnet", "head", "0"))
    assert sentence(shown).startswith("11 of 12 photos held out are right: 91.7 %.")
    assert re.findall(r'<td class="(?:right|off)"[^>]*>(\d+)<', shown) == [
        *("4", "0", "0"),
        *("1", "3", "0"),
        *("0", "0", "4"),
    ]
    assert shown.count("<figure>") == 1
    assert "truck, taken for car" in shown
    assert shown.count("<circle") == 48


def test_the_new_head_answers_a_photo() -> None:
    photo = built_in().photos[40]
    *_, shown = drawn(view.tried(T, photo, "", "mini_resnet", "head", "0"))
    assert sentence(shown).startswith("The new head says ship, with ")
    assert shown.count('class="train-bar') == 3
    assert 'class="heat"' in shown


def test_names_of_classes_are_not_markup() -> None:
    parts = Split(np.array([0, 4]), np.array([1, 2, 3, 5, 6, 7]))
    shares = np.tile(np.array([0.9, 0.1], np.float32), (8, 1))
    found = judged(SET, parts, shares, [], 1.0)
    places = np.arange(16, dtype=np.float32).reshape(8, 2)
    shown = rows.rows(SET, parts, T)
    shown += results.result(found, places, SET, [], T)
    assert "<b>a<b>" not in shown
    assert "a&lt;b&gt;" in shown


def test_long_names_of_files_are_cut_where_they_are_shown() -> None:
    long, end = "a" * 500, f"…{'a' * 79}"
    named = replace(SET, names=(long,) * 8)
    parts = Split(np.array([0, 4]), np.array([1, 2, 3, 5, 6, 7]))
    shares = np.tile(np.array([0.9, 0.1], np.float32), (8, 1))
    places = np.arange(16, dtype=np.float32).reshape(8, 2)
    found = judged(named, parts, shares, [], 1.0)
    left_out = sets.skipped((Skipped(long, Problem("train.skipped.path")),), T)
    for drawn in (
        rows.rows(named, parts, T, own=True),
        results.cloud(found, places, named, T),
        left_out,
    ):
        assert end in drawn
        assert "a" * 80 not in drawn


def test_curves_say_their_last_numbers() -> None:
    steps = [Step(1, 0.7, 0.8, 0.5, 0.5), Step(2, 0.25, 0.5, 1.0, 0.75)]
    shown = curves.curves(steps, 60, T)
    assert "Loss (cross-entropy): 0.250 on the photos learned from, 0.500 on those held" in shown
    assert "Accuracy: 100.0 % on the photos learned from, 75.0 % on those held out" in shown
    layer = curves.replaced([Replaced("AuxLogits.fc", (1000, 768), (2, 768))], T)
    assert "<s>768 → 1,000</s> <span>768 → 2</span>" in layer


def test_a_visits_photos_are_its_own_and_go_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "session", lambda: "one")
    token = visits.keep(SET)
    (kept,) = (folder / "visits").iterdir()
    assert len(kept.name) == 22
    assert token == f"{kept.name}.1"
    back = visits.kept(token)
    assert (back.classes, back.names) == (SET.classes, SET.names)
    assert np.array_equal(back.photos[5].pixels, SET.photos[5].pixels)
    assert drawn(view.learned(T, token, "mini_resnet", "head", "0"))
    assert visits.RESULTS.peek((token, "mini_resnet", "head", 0)) is not None
    # Another visit cannot put it away, and leaving takes nothing of others.
    monkeypatch.setattr(own, "session", lambda: "two")
    visits.leave_own(token)
    visits.left()
    assert visits.kept(token).names == SET.names
    monkeypatch.setattr(own, "session", lambda: "one")
    visits.left()
    assert [*(folder / "visits").iterdir()] == []
    assert visits.RESULTS.peek((token, "mini_resnet", "head", 0)) is None
    with pytest.raises(Problem) as caught:
        visits.kept(token)
    assert caught.value.key == "train.problem.gone"


@pytest.mark.parametrize("token", ["..", "../../etc", "x" * 22, "a/" * 11, "\0" * 22])
def test_a_token_that_nobody_gave_opens_nothing(folder: Path, token: str) -> None:
    with pytest.raises(Problem) as caught:
        visits.kept(token)
    assert caught.value.key == "train.problem.gone"


@pytest.mark.parametrize(("written", "seed"), [("7", 7), ("-1", 0), ("", 0), ("٣", 0), ("1e3", 0)])
def test_a_seed_is_a_small_number(written: str, seed: int) -> None:
    assert work.seed_of(written) == seed


def test_a_stop_ends_the_training_that_is_under_way() -> None:
    visits.RESULTS.clear()
    steps = view.learning(T, "", "mini_resnet", "head", "3")
    last = ""
    for step in steps:
        if isinstance(step, str):
            last = sentence(step)
            if last.startswith("Epoch 2 "):
                work.stop()
    assert last.startswith("Mini ResNet was stopped after 2 epochs")
    assert split(built_in(), 3).held_out.shape == (12,)


def test_who_asks_for_a_training_that_is_under_way_waits_for_it() -> None:
    visits.RESULTS.clear()
    first = work.trained("", "mini_resnet", "head", 5)
    for _ in range(4):
        next(first)
    second = work.trained("", "mini_resnet", "head", 5)
    assert [next(second) for _ in range(3)] == [Turn.NETWORK] * 3
    (result,) = [one for one in first if isinstance(one, Trained)]
    assert [one for one in second if not isinstance(one, Turn)] == [result]
    # One that is given up is taken over.
    left = work.trained("", "mini_resnet", "head", 6)
    next(left)
    left.close()
    assert any(isinstance(one, Trained) for one in work.trained("", "mini_resnet", "head", 6))


def test_a_training_that_one_reader_stops_is_not_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visits.RESULTS.clear()

    def last(session: str, stops: bool) -> Trained:
        monkeypatch.setattr(own, "session", lambda: session)
        found = []
        for reached in work.trained("", "mini_resnet", "head", 7):
            if stops and isinstance(reached, list):
                work.stop()
            if isinstance(reached, Trained):
                found.append(reached)
        (result,) = found
        return result

    stopped, whole = last("one", True), last("two", False)
    assert (stopped.result.stopped, whole.result.stopped) == (True, False)
    # Nor do its answers about a photo stand for the other's.
    assert stopped.loaded.spec.key != whole.loaded.spec.key
    assert last("one", False) is stopped
    monkeypatch.setattr(own, "session", lambda: "one")
    visits.left()
    assert last("one", False) is whole


def test_what_was_skipped_is_listed() -> None:
    assert sets.skipped([], T) == ""


@pytest.mark.parametrize(
    ("key", "files"),
    [
        ("mini_resnet", ["head.safetensors"]),
        ("efficientnet_lite0", ["head.safetensors", "network.safetensors", "predict.py"]),
    ],
)
def test_a_trained_network_is_taken_away(folder: Path, key: str, files: list[str]) -> None:
    (path,) = drawn(taken.taken("", key, "head", "0"))
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == files
        (folder / "head").write_bytes(archive.read("head.safetensors"))
    back = restored(folder / "head", folder)
    assert (back.backbone.key, back.labels) == (key, ("car", "truck", "ship"))
    assert back.head is not None
    trained = visits.RESULTS.peek(("", key, "head", 0))
    assert trained is not None
    assert np.array_equal(back.head.weight, head_of(trained.loaded).weight)
