"""On how many photos the page says that they show none of the ten things.

`python -m benchmarks.known --data DIR`: `cats_dogs.zip` holds photos of cats and dogs, on which it
should keep silent; `imagenet_samples.zip` one photo of each of some ImageNet classes, named
`n01234567_some_class.JPEG`, on which it should speak where the class is none of the ten and not
ambiguous.
"""

from __future__ import annotations

import argparse
import tempfile
import zipfile
from itertools import chain
from pathlib import Path

from demo.engine.known import JUDGE, known, tables
from demo.labels import folded
from demo.photo import read
from demo.records.known import Known
from demo.zoo.loading import load


def verdicts(archive: Path) -> dict[str, Known]:
    """File name within the archive -> what the page decides about it."""
    judge, found = load(JUDGE), {}
    with zipfile.ZipFile(archive) as opened, tempfile.TemporaryDirectory() as folder:
        for name in sorted(name for name in opened.namelist() if not name.endswith("/")):
            found[name] = known(judge, read(opened.extract(name, folder)))
    return found


def row(title: str, found: list[Known]) -> str:
    """How often the page speaks, and how often it names what it sees."""
    speaks = sum(not one.known for one in found)
    names = sum(not one.known and bool(one.label) for one in found)
    share = speaks / max(len(found), 1)
    return f"{title:34} {len(found):6} {speaks:7} {share:7.1%} {names:7}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Count photos that show none of the ten things.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the two archives")
    data = parser.parse_args().data
    near = {folded(label) for table in tables() for label in chain.from_iterable(table.values())}
    pets = verdicts(data / "cats_dogs.zip")
    samples = verdicts(data / "imagenet_samples.zip")
    other, like = [], []
    for name, verdict in samples.items():
        label = Path(name).stem.partition("_")[2]
        (like if folded(label) in near else other).append(verdict)
    print(f"{'photos of':34} {'photos':>6} {'speaks':>7} {'share':>7} {'names':>7}")
    print(row("cats and dogs", list(pets.values())))
    print(row("ImageNet: clearly other things", other))
    print(row("ImageNet: one of the ten, or near", like))
    for name, verdict in pets.items():
        if not verdict.known:
            print(f"  {name}: {verdict.label or 'unnamed'} {verdict.probability:.2f}")


if __name__ == "__main__":
    main()
