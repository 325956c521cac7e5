"""Memory counted tensor by tensor, against literal numbers; time, against its own definition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from demo.records import Problem
from demo.topics.choice import profile
from demo.topics.choice.candidates import _written_down, candidates
from demo.topics.choice.records import Footprint, Timing
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.spec import ModelSpec


class Tiny(nn.Module):
    """(1, 3, 8, 8) -> 4 maps, concatenated with the input, halved: every number is known."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.conv(x))
        y = torch.cat([x, y], 1)
        return self.pool(y).flatten(1)


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_each_new_tensor_counts_once(device: str) -> None:
    network = Tiny().eval().to(device)
    total, peak = profile.written(network, torch.empty(1, 3, 8, 8, device=device))
    conv, cat, pooled = 4 * 64 * 4, 7 * 64 * 4, 7 * 16 * 4
    assert total == conv + cat + pooled
    # Fullest while the concatenation is written: the input, the convolution's maps, the result.
    assert peak == 3 * 64 * 4 + conv + cat


def test_what_is_no_longer_needed_is_given_back() -> None:
    # One map of 4 x 64 numbers at a time: while one layer writes, only its input is there too.
    chain = nn.Sequential(*(nn.Conv2d(4, 4, 1) for _ in range(5))).eval()
    total, peak = profile.written(chain, torch.empty(1, 4, 8, 8, device="cpu"))
    size = 4 * 64 * 4
    assert total == 5 * size
    assert peak == 3 * size


# The large ones take seconds each and are counted by the same code.
@pytest.mark.parametrize(
    "key", ["mini_resnet", "mini_densenet", "resnet50", "densenet121", "inception_v3"]
)
def test_what_is_written_down_is_what_is_counted(key: str) -> None:
    assert profile.read()[key] == profile.footprint(spec(key))


def test_every_network_is_written_down(tmp_path: Path) -> None:
    found = profile.read()
    assert list(found) == [one.key for one in CATALOGUE]
    profile.write({"a": Footprint(1, 2, 3, 0.5)}, tmp_path / "f.json")
    assert profile.read(tmp_path / "f.json") == {"a": Footprint(1, 2, 3, 0.5)}
    assert found["densenet121"].carried == 512 / 1024
    assert found["resnet50"].carried == 0


def test_a_network_that_is_not_written_down_is_counted_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = profile.read()
    del rows["mini_resnet"]
    monkeypatch.setattr(profile, "read", lambda: rows)
    counts, _ = _written_down.__wrapped__()
    assert counts["mini_resnet"] == Footprint(8_237_928, 930_304, 8, 0)
    assert counts["resnet50"] is rows["resnet50"]


def test_dense_blocks_write_more_but_need_no_more_at_once() -> None:
    found = profile.read()
    dense, residual = found["densenet121"], found["resnet50"]
    assert dense.activation_bytes > 1.4 * residual.activation_bytes
    assert dense.peak_bytes < residual.peak_bytes


@pytest.fixture(autouse=True)
def _nothing_timed_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "TIMES", {})
    monkeypatch.setattr(profile, "_MEASURED_AT", {})
    # The stand-ins have no file; their weights count as here.
    monkeypatch.setattr(profile, "readiness", lambda one: "bundled")


def test_time_is_the_median_of_bare_passes(
    loaded: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[bool, tuple[int, ...]]] = []

    class Watched(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = nn.Flatten()

        def forward(self, x: Tensor) -> Tensor:
            calls.append((torch.is_grad_enabled(), tuple(x.shape)))
            return self.last(x)

    model = loaded(Watched(), ("last",), 2)
    monkeypatch.setattr(profile, "load", lambda key: model)
    told, found = told_and_timed(model.spec)
    # One that does not count, then nine.
    assert calls == [(False, (1, 3, 4, 4))] * 10
    assert told == [(i, 9) for i in range(10)]
    assert found.passes == 9
    assert 0 < found.low <= found.median <= found.high
    assert not found.random
    assert not any(module._forward_hooks for module in model.network.modules())
    # What was timed a moment ago is not timed again; later it is.
    assert told_and_timed(model.spec) == ([], found)
    monkeypatch.setattr(profile, "RECENT", 0.0)
    assert len(told_and_timed(model.spec)[0]) == 10


def told_and_timed(one: ModelSpec) -> tuple[list[tuple[int, int]], Timing]:
    told = list(profile.timing(one))
    return told, profile.TIMES[one.key]


def test_however_many_ask_a_network_is_timed_once(
    loaded: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[str] = []

    def model(name: str) -> Any:
        network = nn.Sequential(nn.Flatten())
        network.register_forward_hook(lambda *_: passes.append(name))
        return loaded(network, ("0",), 48)

    both = {one.spec.key: one for one in (model("a"), model("b"))}
    monkeypatch.setattr(profile, "load", both.__getitem__)
    first, second = (one.spec for one in both.values())
    asked = [profile.timing(one) for one in (first, second, first, second)]
    # They take turns, one step each; whoever is next takes the step that is due.
    seen = [[] for _ in asked]
    while asked_still := [i for i, one in enumerate(asked) if one is not None]:
        for index in asked_still:
            step = next(asked[index], None)
            if step is None:
                asked[index] = None
            else:
                seen[index].append(step)
    assert passes == ["a"] * 10 + ["b"] * 10
    assert [step for step, _ in seen[0]] == [0, 4, 8]
    assert {first.key, second.key} <= set(profile.TIMES)


def test_a_measurement_that_nobody_waits_for_is_given_up(
    loaded: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {one.spec.key: one for one in (loaded(nn.Flatten(), ("",), 48) for _ in range(2))}
    monkeypatch.setattr(profile, "load", both.__getitem__)
    first, second = (one.spec for one in both.values())
    left, stays = profile.timing(first), profile.timing(first)
    assert [next(left), next(stays)] == [(0, 9), (1, 9)]
    left.close()
    other = profile.timing(second)
    # Somebody still waits for the first.
    assert next(other) == (0, 9)
    stays.close()
    assert list(other) == [(i, 9) for i in range(10)]
    assert set(profile.TIMES) == {second.key}
    assert profile._ASKING == {}


def test_what_cannot_be_read_stands_in_nobodys_way(
    loaded: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(key: str) -> Any:
        raise Problem("problem.damaged", model="Tiny", file="tiny")

    model = loaded(nn.Flatten(), ("",), 48)
    monkeypatch.setattr(profile, "load", refuse)
    with pytest.raises(Problem):
        list(profile.timing(model.spec))
    monkeypatch.setattr(profile, "load", lambda key: model)
    assert len(list(profile.timing(model.spec))) == 10


def test_without_weights_random_ones_are_timed_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "readiness", lambda one: "absent")
    one = spec("mini_googlenet")
    assert told_and_timed(one)[1].random


def test_a_measured_time_is_in_the_table() -> None:
    _, found = told_and_timed(spec("mini_resnet"))
    rows = {row.key: row for row in candidates()}
    assert rows["mini_resnet"].timing == found
    assert rows["resnet50"].parameters == 25_557_032
    assert rows["resnet50"].accuracy == 76.13
    assert not rows["resnet50"].measured
    assert rows["mini_resnet"].measured
    assert rows["resnet50"].weight_bytes == 102_228_128
