"""One drawing for everything that can be switched off, held to its record."""

from __future__ import annotations

import re

import numpy as np
import pytest

from demo.drawing.before_after import before_after, moved
from demo.text import LANGUAGES, text
from tests.compared import counterfactual

T = text("en")
BEFORE = [0.5, 0.3, 0.1, 0.06, 0.03, 0.01]
NAMES = ["ant", "<bee>", "cat"].__getitem__


def test_both_numbers_and_the_marked_class() -> None:
    found = counterfactual("3a", ("5x5",), BEFORE, [0.2, 0.3, 0.1, 0.06, 0.03, 0.31])
    drawn = before_after(found, "5×5", "inception", lambda i: f"<{i}>", T, 0)
    assert re.findall(r'data-class="(\d)"', drawn) == ["0", "1", "2", "3", "5"]
    assert 'class="change chosen" data-class="0"' in drawn
    assert "&lt;0&gt;" in drawn
    assert "50.0 %" in drawn
    assert "20.0 %" in drawn
    assert f'class="logit" data-change="{np.log(0.2) - np.log(0.5):.6f}"' in drawn
    assert "without: 5×5" in drawn
    assert "--family:var(--family-inception)" in drawn
    fourth = before_after(found, "5×5", "inception", str, T, 4)
    assert re.findall(r'chosen" data-class="(\d)"', fourth) == ["4"]


def test_a_new_answer_is_said() -> None:
    found = counterfactual("b", ("shortcut", "2"), [0.7, 0.2, 0.1], [0.3, 0.6, 0.1])
    assert (found.top, found.winner, found.flips) == (0, 1, True)
    assert found.moved == pytest.approx(-0.4)
    said = moved(found, NAMES, T)
    assert 'class="moved" data-change="-0.400000"' in said
    assert "from “ant” (−40.0 points) to “&lt;bee&gt;”" in said
    drawn = before_after(found, "shortcut, path 3", "resnext", NAMES, T)
    assert "without: shortcut, path 3" in drawn


def test_a_kept_answer_is_said() -> None:
    found = counterfactual("1", ("0-2",), [0.7, 0.2, 0.1], [0.5, 0.4, 0.1])
    assert not found.flips
    assert "The answer stays “ant” (−20.0 points)." in moved(found, NAMES, T)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_off_says_so_and_no_more(lang: str) -> None:
    t = text(lang)
    same = counterfactual("b", (), [0.7, 0.2, 0.1], [0.7, 0.2, 0.1])
    assert t("change.nothing_off") in before_after(same, "", "resnet", NAMES, t)
    assert moved(same, NAMES, t) == '<span class="moved" data-change="0.000000"></span>'
