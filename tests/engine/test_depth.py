from __future__ import annotations

from demo.engine.depth import stops
from demo.engine.steps import fields_of
from demo.zoo.catalogue import CATALOGUE, spec


def test_stops_by_hand() -> None:
    assert list(stops(spec("mini_resnet"))) == [
        *("stage1", "stage2.1", "stage2.2", "stage2"),
        *("stage3.1", "stage3.2", "stage3.3", "stage3"),
    ]
    assert list(stops(spec("mini_googlenet"))) == ["stage1", "2a", "stage2", "3a", "3b", "stage3"]
    assert list(stops(spec("googlenet"))) == ["3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]
    assert list(stops(spec("resnet50")).values()) == [
        *("layer2", "layer3.0", "layer3.1", "layer3.2", "layer3.3", "layer3.4", "layer3"),
        *("layer4.0", "layer4.1", "layer4"),
    ]
    # A dense block ends in the layer of its name; what names no blocks has its layers.
    assert list(stops(spec("densenet121"))) == ["block2", "block3", "block4"]
    assert list(stops(spec("efficientnet_lite0"))) == ["stage4", "stage6", "stage9"]


def test_stops_begin_and_end_with_named_layers_and_hold_them_all() -> None:
    for one in CATALOGUE:
        names = [layer.name for layer in one.layers]
        found = list(stops(one))
        assert (found[0], found[-1]) == (names[0], names[-1])
        assert [name for name in found if name in names] == names
        assert len(set(stops(one).values())) == len(found)


def test_what_a_place_sees_grows_from_stop_to_stop() -> None:
    found = fields_of(spec("mini_resnet"))
    # A bottleneck has one 3x3; the first of a stage halves the size.
    assert [max(one.extent) for one in found.values()] == [5, 7, 11, 15, 19, 27, 35, 43]
