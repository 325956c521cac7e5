"""The endpoint /profile as a client sees it."""

from __future__ import annotations

from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError


def profile(client: Client, model: str) -> dict[str, Any]:
    return client.predict(model, api_name="/profile")


def test_profile_of_a_bundled_network(client: Client) -> None:
    found = profile(client, "mini_densenet")
    assert found["model"] == "mini_densenet"
    assert found["parameters"] == 800_502
    assert found["macs"] == 97_470_588
    assert found["activation_bytes"] == 9_468_768
    times = found["milliseconds"]
    assert set(times) == {"median", "low", "high"}
    assert 0 < times["low"] <= times["median"] <= times["high"]
    assert 3 <= found["passes"] <= 9
    assert found["random_weights"] is False


def test_profile_without_the_weights(client: Client) -> None:
    found = profile(client, "mobilenet_v3_large")
    assert (found["parameters"], found["macs"]) == (5_483_032, 216_589_760)
    assert found["random_weights"] is True
    assert found["milliseconds"]["median"] > 0


def test_profile_of_no_network(client: Client) -> None:
    with pytest.raises(AppError, match="resnet51"):
        profile(client, "resnet51")
