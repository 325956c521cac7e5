"""The table of methods measured on many pictures: by hand, as it ships, and drawn."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest

from demo.text import LANGUAGES, text
from demo.topics.closer.figures import measured as figure
from demo.topics.closer.measured import FILE, read, shipped
from demo.topics.closer.records.maps import METHODS
from demo.topics.closer.records.measured import (
    DECOYS,
    MEASURES,
    Areas,
    Gain,
    Measured,
    Row,
    Sample,
    gain,
    row,
)
from demo.topics.closer.scenes import measured as scene
from demo.topics.closer.scenes.chosen import FIVE


def areas(deletion: tuple[float, float, float], insertion: tuple[float, float, float]) -> Areas:
    names = ("map", "random", "edges")
    return {
        "deletion": dict(zip(names, deletion, strict=True)),
        "insertion": dict(zip(names, insertion, strict=True)),
    }


def test_gains_by_hand() -> None:
    found = gain([1.0, 3.0])
    # Deviation of 1 and 3 is the root of 2; of their mean, that over the root of 2.
    assert (found.mean, found.error) == pytest.approx((2.0, 1.0))
    one = row(
        "m",
        "gradcam",
        [
            areas((0.2, 0.5, 0.3), (0.9, 0.5, 0.8)),
            areas((0.4, 0.5, 0.3), (0.7, 0.5, 0.8)),
        ],
    )
    # Less area in deletion and more in insertion: both are gains.
    assert one.gains["deletion"]["random"].mean == pytest.approx(0.2)
    assert one.gains["deletion"]["edges"].mean == pytest.approx(0.0)
    assert one.gains["insertion"]["random"].mean == pytest.approx(0.3)
    assert one.gains["insertion"]["random"].error == pytest.approx(0.1)


def verdict(deletion: Gain, insertion: Gain) -> str:
    gains = {"deletion": {"random": deletion}, "insertion": {"random": insertion}}
    return Row("m", "gradcam", gains).verdict("random")  # type: ignore[arg-type]


def test_verdicts() -> None:
    less, more = Gain(-0.3, 0.1), Gain(0.3, 0.1)
    assert verdict(more, more) == "better"
    assert verdict(less, less) == "worse"
    assert verdict(more, less) == verdict(less, more) == "split"
    assert verdict(more, Gain(0.3, 0.2)) == verdict(Gain(0.0, 0.1), more) == "unsure"
    assert (more.better, less.better, more.worse, less.worse) == (True, False, False, True)
    assert (Gain(0.2, 0.1).better, Gain(-0.2, 0.1).worse) == (False, False)


def table() -> Measured:
    """Two networks: the first method gains most in both measures, the last least."""
    rows = [
        Row(
            model,
            method,
            {
                "deletion": dict.fromkeys(DECOYS, Gain(0.35 - 0.1 * place, 0.01)),
                "insertion": dict.fromkeys(DECOYS, Gain(0.25 - 0.1 * place, 0.01)),
            },
        )
        for model in ("mini_resnet", "mini_densenet")
        for place, method in enumerate(METHODS)
    ]
    samples = tuple(
        Sample(model, "cifar10.zip", 200, 180) for model in ("mini_resnet", "mini_densenet")
    )
    return Measured("do it", "2026-01-02", 9, 0.25, 0.125, samples, tuple(rows))


def test_the_file_gives_the_record_back() -> None:
    assert read(json.loads(json.dumps(asdict(table())))) == table()


def test_the_sentence() -> None:
    assert figure.sentence(table(), "edges", text("en")) == (
        "Beside an edge detector, 6 of 14 pairs of network and method are better by both measures, "
        "6 worse by both, and 2 better by one and worse by the other (beyond twice the standard "
        "error). On the mean of the networks, most is gained in deletion by Grad-CAM (+0.35), and "
        "in insertion by Grad-CAM (+0.25), least there by Occlusion (−0.35)."
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "most is gained in deletion by Grad-CAM and HiRes-CAM (+0.16)"),
        ("ja", "削除ではGrad-CAM、HiRes-CAM（+0.16）"),
    ],
)
def test_methods_that_tie_are_all_named(lang: str, words: str) -> None:
    assert words in figure.sentence(shipped(), "random", text(lang))


def test_better_lies_to_the_right_on_one_axis_for_both() -> None:
    axis = figure.axis_of(table())
    # Marks from -0.35 to 0.35, each with twice its error.
    assert (axis.low, axis.high, axis.step) == pytest.approx((-0.4, 0.4, 0.2))
    assert axis.ticks == pytest.approx([-0.4, -0.2, 0, 0.2, 0.4])
    assert (axis.at(axis.low), axis.at(0), axis.at(axis.high)) == pytest.approx((0, 0.5, 1))


def test_what_ships_is_whole() -> None:
    found = shipped()
    assert [one.model for one in found.samples] == FIVE
    assert [one.pictures for one in found.samples] == [200, 200, 200, 200, 60]
    assert [(one.model, one.method) for one in found.rows] == [
        (model, method) for model in FIVE for method in METHODS
    ]
    assert all(set(one.gains[measure]) == set(DECOYS) for one in found.rows for measure in MEASURES)
    assert FILE.stat().st_size < 60_000
    # The small networks are right on CIFAR-10 about as often as their card says, 56 of 60 photos
    # are recognised.
    assert all(160 <= one.right <= 200 for one in found.samples[:4])
    assert found.samples[4].right == 56


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("decoy", DECOYS)
def test_the_scene_draws_every_mark(lang: str, decoy: str) -> None:
    t = text(lang)
    drawn = scene.measured(t, decoy)  # type: ignore[arg-type]
    assert drawn.count('class="gain-panel"') == 2 * len(METHODS)
    assert len(re.findall(r'<span title="', drawn)) == 2 * len(METHODS) * len(FIVE)
    # Both scales are the same, and each says where 0 is, on a phone too.
    first, second = re.findall(r'<div class="gain-scale".*?</div>', drawn)
    assert first == second
    assert re.findall(r'class="zero" style="left:50.00%">(\S+)</em>', first) == ["0"]
    places = [
        float(one) for one in re.findall(r'<svg viewBox="0 0 12 12" style="left:([\d.-]+)%', drawn)
    ]
    assert len(places) == 70
    assert all(0 <= one <= 100 for one in places)
    hint, how = scene.how(t)
    assert shipped().date in how
    assert "--data DIR" in how
    assert hint
