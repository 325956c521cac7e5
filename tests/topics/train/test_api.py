"""/transfer as a client sees it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from PIL import Image

from demo.topics.train.restored import restored
from tests.serving import call


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Noise, more red or more blue; a text among the photos."""
    random, path = np.random.default_rng(5), tmp_path / "colours.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for place in range(16):
            pixels = random.integers(0, 180, (32, 32, 3)).astype(np.uint8)
            pixels[..., 2 * (place % 2)] += 70
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            packed.writestr(f"{('red', 'blue')[place % 2]}/{place:02}.png", file.getvalue())
        packed.writestr("red/notes.txt", "nothing to see")
    return path


def test_a_zip_becomes_a_head(client: Client, archive: Path) -> None:
    found = call(client, "transfer", handle_file(archive), "mini_resnet", "head", 20, 3, 0)
    assert found["classes"] == ["blue", "red"]
    assert (len(found["train"]), len(found["held_out"])) == (12, 4)
    assert {name.split("/")[0] for name in found["held_out"]} == {"blue", "red"}
    assert found["accuracy"] == 1.0
    assert found["interval"] == pytest.approx([0.5101, 1.0], abs=1e-4)
    assert found["confusion"] == [[2, 0], [0, 2]]
    assert (found["wrong"], found["stopped"]) == ([], False)
    (skipped,) = found["skipped"]
    assert skipped["name"] == "red/notes.txt"
    assert "not a picture" in skipped["why"]
    kept = restored(Path(found["head"]), archive.parent)
    assert (kept.backbone.key, kept.labels) == ("mini_resnet", ("blue", "red"))
    assert kept.head is not None
    assert kept.head.weight.shape == (2, 304)
    again = call(client, "transfer", handle_file(archive), "mini_resnet", "head", 20, 3, 0)
    same = restored(Path(again["head"]), archive.parent).head
    assert same is not None
    assert np.array_equal(same.weight, kept.head.weight)
    assert again["held_out"] == found["held_out"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("resnet50", "head", 0, 0, 0), "ResNet-50"),
        (("mini_resnet", "attic", 0, 0, 0), "mode"),
        (("mini_resnet", "head", 1_000, 0, 0), "between 0 and 100"),
    ],
)
def test_a_wrong_question_gets_one_sentence(
    client: Client, archive: Path, arguments: tuple[object, ...], words: str
) -> None:
    with pytest.raises(Exception, match=words) as failure:
        call(client, "transfer", handle_file(archive), *arguments)
    assert "Traceback" not in str(failure.value)


def test_what_was_not_uploaded_is_not_opened(client: Client) -> None:
    with pytest.raises(Exception, match="handle_file"):
        call(client, "transfer", {"path": str(Path(__file__).resolve())})
