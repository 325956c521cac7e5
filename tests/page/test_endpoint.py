"""What every endpoint has, whatever it answers."""

from __future__ import annotations

import pytest

from demo.page.endpoint import typed
from demo.records import Problem


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("place", ["plain", "deep"])
def test_json_never_holds_what_it_has_no_word_for(value: float, place: str) -> None:
    def endpoint() -> dict:
        return {"plain": {"x": value}, "deep": {"rows": [[0.0, 1.0], [None, (1, value)]]}}[place]

    with pytest.raises(Problem) as caught:
        typed(endpoint)()
    assert caught.value.key == "api.not_finite"


def test_finite_answers_pass_as_they_are() -> None:
    answer = {"rows": [[0.5, None], ["nan", True]], "count": 2}
    assert typed(lambda: answer)() is answer
