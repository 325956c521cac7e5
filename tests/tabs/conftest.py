from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client
from PIL import Image


@pytest.fixture(scope="session")
def client(app_url: str) -> Client:
    """A client of the served app."""
    return Client(app_url, verbose=False)


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a photo of noise, 64 px wide and 48 px high."""
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    path = tmp_path_factory.mktemp("api") / "noise.png"
    Image.fromarray(pixels).save(path)
    return path
