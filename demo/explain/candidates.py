"""The table of all networks: what specs state, what was counted, what was measured here."""

from __future__ import annotations

from functools import cache

from demo.explain import profile
from demo.records.choice import Candidate, Footprint
from demo.zoo import measured
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness


def candidates() -> tuple[Candidate, ...]:
    """One row of every network of the catalogue, in its order, with the times known by now."""
    return tuple(_candidate(one) for one in CATALOGUE)


@cache
def _written_down() -> tuple[dict[str, Footprint], dict[str, measured.Measured]]:
    footprints = profile.read()
    # A network that is not written down yet is counted here: the page opens all the same.
    new = {one.key: profile.footprint(one) for one in CATALOGUE if one.key not in footprints}
    return footprints | new, measured.read()


def _candidate(one: ModelSpec) -> Candidate:
    footprints, results = _written_down()
    measured = results.get(one.key)
    return Candidate(
        key=one.key,
        architecture=one.architecture,
        title=one.title,
        family=one.family,
        dataset=one.dataset,
        recipe=one.weights.recipe,
        accuracy=one.top1,
        measured=one.weights.kind == "bundled",
        interval=measured.interval if measured else None,
        parameters=one.parameters,
        macs=one.macs,
        input_size=one.input_size,
        footprint=footprints[one.key],
        ready=readiness(one) != "absent",
        download_bytes=one.weights.size,
        timing=profile.TIMES.get(one.architecture),
        epochs=measured.epochs if measured else 0,
        pictures=measured.pictures if measured else 0,
    )
