from __future__ import annotations

from tests.stand_in import answer, loaded, no_runs_kept, noise, ramp  # noqa: F401
