from __future__ import annotations

from tests.shared import device_api, switched_on  # noqa: F401
from tests.stand_in import answer, loaded, no_runs_kept, noise, ramp  # noqa: F401
