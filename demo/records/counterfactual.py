"""What a network answers once something is changed, beside its own answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Answer:
    """Logits and probabilities of one network about one photo, (classes,) each."""

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]

    @property
    def top(self) -> int:
        """Index of the most probable class."""
        return int(self.probabilities.argmax())


@dataclass(frozen=True, eq=False)
class Changed:
    """A network's answer before a change, of the photo or of the network, and after it."""

    before: Answer
    after: Answer

    @property
    def top(self) -> int:
        """Index of the first choice before."""
        return self.before.top

    @property
    def winner(self) -> int:
        """Index of the first choice after."""
        return self.after.top

    @property
    def flips(self) -> bool:
        """Whether the first choice is another one."""
        return self.winner != self.top


@dataclass(frozen=True, eq=False)
class Counterfactual(Changed):
    """One change to a trained network and what became of its answer.

    block: where. off: what was switched off there, in the block's order; () is the network as it
    is. Switching a part of a trained network off is not training one without it.
    """

    block: str
    off: tuple[str, ...]

    @property
    def moved(self) -> float:
        """By how much the probability of the whole network's first choice changes."""
        return float(self.after.probabilities[self.top] - self.before.probabilities[self.top])

    def logit_change(self, index: int) -> float:
        """By how much the logit of a class changes."""
        return float(self.after.logits[index] - self.before.logits[index])
