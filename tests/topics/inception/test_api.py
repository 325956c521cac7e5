"""The endpoints of the Inception tab as a client sees them, with the bundled network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file

from demo.engine.predict import scores
from demo.photo import read
from demo.topics.inception.ablation import cut
from demo.zoo.loading import load
from tests.serving import call


def test_every_block_of_the_catalogue_has_its_branches(client: Client, picture: Path) -> None:
    models = {one["key"]: one for one in call(client, "models")}
    blocks = models["mini_googlenet"]["blocks"]
    assert len(blocks) == 6
    for block in blocks:
        found = call(client, "branches", handle_file(picture), "mini_googlenet", block)
        channels = [branch["channels"] for branch in found["branches"]]
        last = [branch["convolutions"][-1]["out"] for branch in found["branches"]]
        assert channels == last
        assert sum(branch["channel_share"] for branch in found["branches"]) == pytest.approx(1)
        heights = {len(branch["heatmap"]) for branch in found["branches"]}
        assert heights == {found["input_shape"][1]}


def test_ablation_gives_what_the_network_says(client: Client, picture: Path) -> None:
    loaded, photo = load("mini_googlenet"), read(str(picture))
    before = scores(loaded, photo)
    after = cut(loaded, photo, "3b", ("3x3", "pool")).after
    found = call(
        client, "branch_ablation", handle_file(picture), "mini_googlenet", "3b", ["3x3", "pool"], ""
    )
    assert found["label"] == loaded.spec.labels[before.top]
    assert found["before"] == pytest.approx(before.probabilities[before.top], abs=1e-5)
    assert found["after"] == pytest.approx(after.probabilities[before.top], abs=1e-5)
    assert found["logit_before"] == pytest.approx(before.logits[before.top], abs=1e-4)
    assert found["logit_after"] == pytest.approx(after.logits[before.top], abs=1e-4)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("branches", "mini_resnet", "stage1"), "has no Inception blocks"),
        (("branches", "mini_googlenet", "9z"), "choose one of: 1a, 2a, 2b, 3a, 3b, 3c"),
        (("branch_ablation", "mini_googlenet", "3b", ["7x7"], ""), "1x1, 3x3, 5x5, pool"),
    ],
)
def test_what_is_not_there_is_one_sentence(
    client: Client, picture: Path, arguments: tuple[Any, ...], words: str
) -> None:
    name, *rest = arguments
    with pytest.raises(Exception, match=words):
        call(client, name, handle_file(picture), *rest)
