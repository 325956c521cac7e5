"""The table of all networks: what specs state, what was counted, what was measured here."""

from __future__ import annotations

from functools import cache

from demo.topics.choice import profile
from demo.topics.choice.records import Candidate, Footprint
from demo.zoo import measured
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness


def candidates() -> tuple[Candidate, ...]:
    """One row of every network of the catalogue, in its order, with the times known by now."""
    return tuple(_candidate(spec) for spec in CATALOGUE)


@cache
def _written_down() -> tuple[dict[str, Footprint], dict[str, measured.Measured]]:
    footprints = profile.read()
    # A network that is not written down yet is counted here: the page opens all the same.
    new = {spec.key: profile.footprint(spec) for spec in CATALOGUE if spec.key not in footprints}
    return footprints | new, measured.read()


def _candidate(spec: ModelSpec) -> Candidate:
    footprints, results = _written_down()
    measured = results.get(spec.key)
    return Candidate(
        key=spec.key,
        architecture=spec.architecture,
        title=spec.title,
        family=spec.family,
        dataset=spec.dataset,
        recipe=spec.weights.recipe,
        accuracy=spec.top1,
        measured=spec.weights.kind == "bundled",
        interval=measured.interval if measured else None,
        parameters=spec.parameters,
        macs=spec.macs,
        input_size=spec.input_size,
        footprint=footprints[spec.key],
        ready=readiness(spec) != "absent",
        download_bytes=spec.weights.size,
        timing=profile.TIMES.get(spec.architecture),
        epochs=measured.epochs if measured else 0,
        pictures=measured.pictures if measured else 0,
    )
