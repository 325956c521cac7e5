"""What the comparison shows while networks answer, fail or are fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from demo.lane import Turn
from demo.page import fetching, photos
from demo.records import Photo, Problem
from demo.text import text
from demo.topics.compare.scenes import photos as compare_photos, view
from demo.zoo import weights
from demo.zoo.catalogue import spec

MINIS = ["mini_resnet", "mini_densenet"]
EN = text("en")


@pytest.fixture(autouse=True)
def _nothing_refused() -> Iterator[None]:
    yield
    weights.REFUSED.clear()


def opened(example: str) -> Photo:
    photo = photos.load(photos.of_example(example))
    assert photo is not None
    return photo


def steps(
    small: list[str],
    large: list[str] | None = None,
    label: str = "",
    k: int = 3,
    example: str = "ship",
) -> list[str | Turn]:
    photo = opened(example)
    return list(view.one_photo(EN, photo, small, large or [], label, k, "last"))


def pages(steps: list[str | Turn]) -> list[str]:
    return [step for step in steps if isinstance(step, str)]


def keys(html: str) -> list[str]:
    return re.findall(r'<article class="card \w*" data-model="(\w+)"', html)


def sentence(html: str) -> str:
    found = re.findall(r'<p class="scene-sentence" role="status">(.*?)</p>', html)
    assert len(found) == 1
    return found[0]


def test_cards_come_one_by_one_in_the_order_chosen() -> None:
    made = steps(["mini_densenet", "mini_resnet"])
    # Others may go first before each network, and before the one that judges the photo.
    assert [isinstance(step, Turn) for step in made] == [False, True, True, False, True, False]
    shown = pages(made)
    assert [page.count('"card skeleton"') for page in shown] == [2, 1, 0]
    assert [page.count('"detail skeleton"') for page in shown] == [2, 1, 0]
    assert all(keys(page) == ["mini_densenet", "mini_resnet"] for page in shown)
    assert shown[-1].count('data-rank="3"') == 2 + 1  # both networks, and both together
    assert [sentence(page) for page in shown[:2]] == [
        "0 of 2 networks have answered.",
        "1 of 2 networks has answered.",
    ]
    assert re.fullmatch(
        r"Both see the same thing: ship\. Their mean says ship, 9\d\.\d %\.", sentence(shown[-1])
    )


def test_picture_and_sentence_come_before_bars_and_facts() -> None:
    last = pages(steps(MINIS))[-1]
    parts = ('data-picture="laid"', 'class="cards', "scene-sentence", 'class="behind"', '"bars"')
    assert [last.index(part) for part in parts] == sorted(last.index(part) for part in parts)


def test_the_photo_travels_once_a_page() -> None:
    assert pages(steps(MINIS))[-1].count("data:image/webp") == 1


def test_a_class_that_one_network_does_not_know() -> None:
    last = pages(steps(MINIS, ["efficientnet_lite0"], "ship"))[-1]
    assert re.sub(r"</?button[^>]*>", "", last).count("Grad-CAM for ship") == 2
    assert "It has no class “ship”" in last


def test_nothing_chosen_says_what_to_do() -> None:
    (only,) = steps([])
    assert isinstance(only, str)
    assert f'<div class="empty">{EN("compare.no_models")}</div>' in only
    assert sentence(only) == EN("compare.empty").replace("'", "&#x27;")


def test_without_a_photo_the_networks_say_what_they_are() -> None:
    shown = view.bare(EN, MINIS, [], "", 5, "last")
    assert keys(shown) == MINIS
    assert "805 k parameters · 94.4 M multiply-adds" in shown
    assert sentence(shown) == EN("compare.empty").replace("'", "&#x27;")


def test_an_absent_network_waits_and_then_gives_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path_factory.mktemp("none")))
    waiting = pages(steps(["mini_resnet"], ["resnet50"]))[-1]
    assert EN("card.to_download") in waiting
    monkeypatch.setenv("FOUR_FAMILIES_MIRROR", "http://127.0.0.1:9/")  # nobody answers there
    shown = list(fetching.downloads(["resnet50", "mini_resnet"], EN))
    assert shown[-1] == ("", "")
    assert [key for _, key in shown if key] == ["resnet50"]
    assert all("Downloading ResNet-50: 0 of " in html for html, _ in shown[:-1])
    assert isinstance(weights.REFUSED["resnet50"], Problem)
    refused = pages(steps(["mini_resnet"], ["resnet50"]))[-1]
    assert "<code>python run.py fetch resnet50</code></details>" in refused
    assert keys(refused) == ["mini_resnet", "resnet50"]
    alone = pages(steps([], ["resnet50"]))[-1]
    assert sentence(alone) == "No network could answer; its card says why."


def several(*refs: photos.Ref) -> list[str | Turn]:
    tokens = photos.seal_all(refs)
    return list(compare_photos.several_photos(EN, tokens, MINIS, [], "", 3, "last"))


def test_the_grid_gives_an_unreadable_photo_its_own_row(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("grid")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    broken = folder / "<b>.png"
    broken.write_bytes(b"\x89PNG")
    made = several(photos.of_example("ship"), photos.of_file(str(broken)), photos.of_example("car"))
    rows = pages(made)
    # The head, a row each; at last all of them again with what they come to.
    counts = [len(re.findall(r"<tr[ >]", page)) for page in rows]
    assert counts == [1 + 1 + 1, 1 + 2, 1 + 3]
    assert rows[-1].count('class="overlay"') == 4
    assert "&lt;b&gt;.png" in rows[-1]
    assert "<b>.png" not in rows[-1]
    assert [sentence(page) for page in rows[:2]] == [
        "1 of 3 photos is done.",
        "2 of 3 photos are done.",
    ]
    assert sentence(rows[-1]).startswith("On 2 of 2 photos the networks that know the same things")
    # A photo is read and drawn outside the networks; its verdict and each cell wait for one.
    read, cell, draw = Turn.PHOTO, Turn.NETWORK, Turn.OUTSIDE
    row, broken_row = [read, cell, cell, cell, draw, "row"], [read, draw, "row"]
    assert [step if isinstance(step, Turn) else "row" for step in made] == [
        *row,
        *broken_row,
        *row,
    ]


def test_a_photo_alone_has_a_row_and_is_told_of_more() -> None:
    (only,) = pages(several(photos.of_example("ship")))
    assert only.count('class="overlay"') == 2
    assert 'title="A ship at sea"' in only
    assert "data-choose-several" in only
    assert sentence(only).startswith("Choose several photos, up to 16: ")


def test_the_grid_without_a_photo_says_what_will_be_in_it() -> None:
    shown = compare_photos.bare(EN, "", MINIS, [], "", 3, "last")
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)', shown) == ["Mini ResNet", "Mini DenseNet"]
    assert "data-choose-several" in shown
    assert sentence(shown).startswith("Choose several photos, up to 16: ")
    assert EN("compare.no_models") in compare_photos.bare(EN, "", [], [], "", 3, "last")


def test_the_layer_is_named_for_people() -> None:
    assert spec("mini_resnet").default_layer == "stage3"
    assert "stage 3, 8×8" in pages(steps(["mini_resnet"]))[-1]


LION = "This looks like a lion. The small networks know ten things"


def test_a_lion_is_named_over_the_small_networks_cards_before_the_first_answers() -> None:
    shown = pages(steps(MINIS, example="lion"))
    assert [LION in page for page in shown] == [False, True, True]
    assert shown[-1].index(LION) < shown[-1].index('class="cards')
    assert [page.count('<p class="of-ten') for page in shown] == [1, 1, 1]
    assert "spread over many classes" not in shown[-1]


def test_who_is_unsure_is_named() -> None:
    shown = pages(steps([*MINIS, "efficientnet_lite0"], example="plane"))[-1]
    assert "Unsure about this photo: EfficientNet-Lite0. It may show none" in shown


def test_one_of_the_ten_is_not_denied() -> None:
    last = pages(steps(MINIS, ["efficientnet_lite0"], example="horse"))[-1]
    assert "know ten things, EfficientNet-Lite0 knows 1,000." in last
    assert "none-of-ten" not in last


def test_nothing_is_said_about_small_networks_where_there_is_none() -> None:
    shown = pages(steps([], ["efficientnet_lite0"], example="lion"))
    assert ["of-ten" in page for page in shown] == [False, False]


def test_what_the_large_network_sees_is_said() -> None:
    last = pages(steps([], ["efficientnet_lite0"], example="lion"))[-1]
    assert re.fullmatch(r"EfficientNet-Lite0 sees lion, 89\.\d %\.", sentence(last))


def test_the_grid_marks_the_photos_that_show_none_of_the_ten() -> None:
    last = pages(several(*map(photos.of_example, ("ship", "lion", "tower"))))[-1]
    rows = last.split("<tr ")[1:]
    assert ["none-of-ten" in row for row in rows] == [False, True, True]
    assert "Looks like a lion: none of the ten things" in rows[1]
    assert "Seems to be none of the ten things" in rows[2]
