"""A Space's shared GPU as the page and the JSON API meet it."""

from __future__ import annotations

import numpy as np
import pytest
from gradio_client import Client, handle_file

from demo.page.photos import sample_path
from tests.serving import call, served
from tests.shared import DeviceApi

QUOTA = "You have exceeded your ZeroGPU quota (20s requested vs. 3s left). Try again in 1:00:00."
VISITOR = "e30.e30.e30"
"""A token as the hub sends it with a visitor's requests, with nothing in it."""


@pytest.mark.parametrize(("status", "words"), [(503, "No GPU was available"), (429, QUOTA)])
def test_a_gpu_that_cannot_be_had_says_why(
    switched_on: dict[str, str], device_api: DeviceApi, status: int, words: str
) -> None:
    device_api.refusal = status
    with served(**switched_on) as url:
        # Without this report, the hub stops the Space.
        assert device_api.asked == ["/startup-report"]
        client = Client(url, verbose=False, headers={"X-IP-Token": VISITOR})
        with pytest.raises(Exception) as failure:
            call(client, "card", handle_file(sample_path("lion")), "mini_resnet", "", "last")
        assert words in str(failure.value)
        assert device_api.asked[1:] == ["/schedule 20"]


def test_it_is_asked_for_in_the_name_of_its_visitor_and_for_full_size_networks_alone(
    switched_on: dict[str, str], device_api: DeviceApi
) -> None:
    with served(**switched_on) as url:
        client = Client(url, verbose=False, headers={"X-IP-Token": VISITOR})
        picture = sample_path("lion")
        small = call(client, "predict", handle_file(picture), ["mini_resnet"], 3)
        assert len(small["mini_resnet"]["predictions"]) == 3
        own = call(client, "gradcam", handle_file(picture), "mini_resnet", "stage3", "cat")
        with pytest.raises(Exception, match="needs no GPU"):
            call(client, "card", handle_file(picture), "resnet50", "", "last")
        # Nothing was asked for up to here.
        assert device_api.asked == ["/startup-report"]
        found = call(client, "card", handle_file(picture), "mini_resnet", "cat", "last")
        assert found["predictions"][:3] == small["mini_resnet"]["predictions"]
        assert np.abs(np.subtract(found["heatmap"], own["heatmap"])).max() < 1e-4
        assert device_api.asked[1:] == ["/schedule 20", "/allow", "/release false"]
        assert device_api.tokens == [VISITOR]
        # The process is kept as long as the package lets it, and answers the next one.
        call(client, "card", handle_file(sample_path("lion")), "mini_resnet", "dog", "last")
        assert device_api.asked[4:] == ["/schedule 20", "/release false"]
