"""The JSON API as a client sees it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file

from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.examples import draw
from demo.page.photos import sample_path
from demo.photo import read
from demo.text import text
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.loading import load
from tests.photo_files import wide_tiff
from tests.serving import call

MINIS = ["mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext"]


def test_models_lists_the_catalogue(client: Client) -> None:
    found = {one["key"]: one for one in call(client, "models")}
    assert list(found) == [one.key for one in CATALOGUE]
    assert set(found["mini_resnet"]) == {
        "key",
        "title",
        "family",
        "dataset",
        "source",
        "ready",
        "parameters",
        "macs",
        "input_size",
        "top1",
        "labels",
        "layers",
        "blocks",
        "capabilities",
    }
    assert found["resnet50"]["parameters"] == 25_557_032
    assert found["resnet50"]["blocks"] == []
    assert found["mini_resnet"]["labels"][:2] == ["airplane", "automobile"]
    assert [found["resnet50"]["labels"][index] for index in (264, 474)] == ["Cardigan", "cardigan"]
    assert len(found["googlenet"]["blocks"]) == 9
    assert len(found["densenet121"]["blocks"]) == 4
    assert all(found[key]["ready"] and found[key]["source"] == "bundled" for key in MINIS)


def test_predict_gives_what_the_networks_say(client: Client, picture: Path) -> None:
    found = call(client, "predict", handle_file(picture), [*MINIS, "resnet50", "nothing"], 3)
    photo = read(str(picture))
    for key in MINIS:
        ours = scores(load(key), photo)
        top = found[key]["predictions"]
        assert [one["label"] for one in top] == [
            load(key).spec.labels[i] for i in (-ours.probabilities).argsort(kind="stable")[:3]
        ]
        assert top[0]["probability"] == pytest.approx(float(ours.probabilities.max()), abs=1e-5)
        assert [load(key).spec.labels[one["index"]] for one in top] == [one["label"] for one in top]
        assert found[key]["source"] == "bundled"
        assert found[key]["seconds"] > 0
    # A sentence alone: no command, no markup.
    assert found["resnet50"]["error"] == text("en")("problem.needs_download", model="ResNet-50")
    assert "nothing" in found["nothing"]["error"]


def test_predict_says_how_a_photo_was_read(client: Client, picture: Path, tmp_path: Path) -> None:
    ramp = tmp_path / "ramp.tif"
    ramp.write_bytes(wide_tiff(np.tile(np.arange(0, 4096, 64, np.uint16), (64, 1))))
    said = [
        call(client, "predict", handle_file(one), ["mini_resnet"], 1) for one in (picture, ramp)
    ]
    notices = [one["mini_resnet"]["notices"] for one in said]
    assert notices[0] == []
    (sentence,) = notices[1]
    assert "smallest value (0) is shown black and its largest (4,032) white" in sentence


def test_gradcam_gives_the_map_at_its_own_size(client: Client, picture: Path) -> None:
    found = call(client, "gradcam", handle_file(picture), "mini_densenet", "", "ship")
    ours = heat_map(load("mini_densenet"), read(str(picture)), "", 8)
    assert found["label"] == "ship"
    assert found["layer"] == load("mini_densenet").spec.default_layer
    assert np.shape(found["heatmap"]) == (8, 8)
    assert np.abs(np.array(found["heatmap"]) - ours.values).max() < 1e-4
    assert found["raw_max"] == pytest.approx(ours.raw_max, abs=1e-5)
    early = call(client, "gradcam", handle_file(picture), "mini_resnet", "stage1", "")
    assert np.shape(early["heatmap"]) == (32, 32)


@pytest.mark.parametrize(
    ("model", "label", "index"),
    [
        ("mini_resnet", "8", 8),
        ("mini_resnet", 8, 8),
        ("mini_resnet", 0, 0),
        ("mini_resnet", "  Ship ", 8),
        ("mini_resnet", "船", 8),
        ("efficientnet_lite0", "ライオン", 291),
        ("efficientnet_lite0", "LION", 291),
        ("efficientnet_lite0", "Cardigan", 264),
        ("efficientnet_lite0", "cardigan", 474),
        ("efficientnet_lite0", "crane (bird)", 134),
    ],
)
def test_a_class_is_asked_for_by_any_of_its_names(
    client: Client, picture: Path, model: str, label: str | int, index: int
) -> None:
    found = call(client, "gradcam", handle_file(picture), model, "", label)
    assert (found["index"], found["label"]) == (index, load(model).spec.labels[index])


def test_a_branch_is_worth_something_to_a_class_of_any_name(client: Client, picture: Path) -> None:
    asked = [handle_file(picture), "mini_googlenet", "2a", ["5x5"]]
    by_index = call(client, "branch_ablation", *asked, 4)
    assert (by_index["index"], by_index["label"]) == (4, "deer")
    assert call(client, "branch_ablation", *asked, " 鹿") == by_index


def test_known_tells_a_lion_from_the_ten_things(client: Client, tmp_path: Path) -> None:
    ship = tmp_path / "ship.png"
    draw("ship").save(ship)
    found = call(client, "known", handle_file(ship))
    assert found == {
        "known": True,
        "looks_like": "liner",
        "probability": pytest.approx(0.319, abs=5e-3),
    }
    found = call(client, "known", handle_file(sample_path("lion")))
    assert found == {
        "known": False,
        "looks_like": "lion",
        "probability": pytest.approx(0.896, abs=5e-3),
    }


def test_known_names_nothing_where_it_is_unsure(client: Client) -> None:
    found = call(client, "known", handle_file(sample_path("tower")))
    assert (found["known"], found["looks_like"]) == (False, "")
    assert 0.05 < found["probability"] < 0.2


def test_known_does_not_judge_a_small_picture(client: Client, picture: Path) -> None:
    found = call(client, "known", handle_file(picture))
    assert found == {"known": True, "looks_like": "", "probability": 0}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("gradcam", ("mini_resnet", "", "unicorn"), "unicorn"),
        ("gradcam", ("mini_resnet", "", 10), "no class 10: its indices run from 0 to 9"),
        ("gradcam", ("efficientnet_lite0", "", "CARDIGAN"), "264 .Cardigan.*474 .cardigan"),
        ("gradcam", ("mini_resnet", "attic", ""), "attic"),
        ("gradcam", ("nothing", "", ""), "nothing"),
    ],
)
def test_a_wrong_question_gets_one_sentence(
    client: Client, picture: Path, name: str, arguments: tuple[str, ...], words: str
) -> None:
    with pytest.raises(Exception, match=words) as failure:
        call(client, name, handle_file(picture), *arguments)
    assert "Traceback" not in str(failure.value)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("cardinality", [256, 2.5, 4], "The parameter cardinality does not fit"),
        ("cardinality", [256, None, 4], "The parameter cardinality does not fit"),
        ("predict", [None, ["mini_resnet"], 3], "handle_file"),
        ("predict", ["x", ["mini_resnet"], 3], "handle_file"),
    ],
)
def test_an_argument_of_another_type_is_named(
    client: Client, name: str, arguments: list[object], words: str
) -> None:
    with pytest.raises(Exception, match=words):
        call(client, name, *arguments)


def test_what_somebody_sent_comes_back_cut(client: Client) -> None:
    with pytest.raises(Exception, match="no network called xxx") as failure:
        call(client, "profile", "x" * 100_000)
    assert len(str(failure.value)) < 2_000


def test_a_file_that_was_not_uploaded_is_not_read(client: Client) -> None:
    here = str(Path(__file__).resolve())
    with pytest.raises(Exception, match="handle_file"):
        call(client, "gradcam", {"path": here}, "mini_resnet", "", "")


def test_a_broken_picture_gets_one_sentence(client: Client, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"nothing of a picture")
    with pytest.raises(Exception, match="not a picture"):
        call(client, "predict", handle_file(broken), ["mini_resnet"], 3)


def test_the_page_itself_offers_nothing_else(client: Client) -> None:
    offered = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    expected = {"/models", "/predict", "/gradcam", "/known"}
    assert expected <= set(offered)
    assert all(not name.startswith("/lambda") for name in offered)
