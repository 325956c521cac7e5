"""Measure the bundled networks: `python -m demo.lab.evaluate --data cifar10.zip`.

Writes `card.json`, which the catalogue reads, and `README.md`, the same for people, beside the
weights. Photos and weights go the way that they go in the app. The temperature is decided and
fitted on the held-out part of train; the test pictures are looked at for the model card alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import Tensor

from demo.lab.calibration import BINS, best_temperature, calibration_error, wilson
from demo.lab.data import Pictures, file_format, load, split_held_out
from demo.records import Photo
from demo.zoo.bundled import BUNDLED
from demo.zoo.loading import LoadedModel, from_file
from demo.zoo.measured import FOLDER, Measured
from demo.zoo.spec import ModelSpec

TOLERATED = 0.05
"""Calibration error on the held-out part beyond which a temperature is fitted."""
BATCH = 250
_TEMPLATE = Path(__file__).with_name("card.md")


@torch.no_grad()
def logits_of(model: LoadedModel, pictures: Pictures) -> Tensor:
    """Logits (N, classes) of pictures that are prepared one by one, as in the app."""
    parts = []
    for images in pictures.images.split(BATCH):
        photos = [Photo("", image.permute(1, 2, 0).numpy()) for image in images]
        parts.append(model.network(torch.cat([model.prepare(photo)[0] for photo in photos])))
    return torch.cat(parts)


def temperature_of(logits: Tensor, labels: Tensor) -> float:
    """1 where the held-out probabilities are honest as they are, otherwise the fitted one."""
    if calibration_error(logits, labels) <= TOLERATED:
        return 1.0
    return best_temperature(logits, labels)


def measure(spec: ModelSpec, folder: Path, held_out: Pictures, test: Pictures) -> Measured:
    """Results of one network whose weights and training log are in this folder.

    Raises:
        FileNotFoundError: if one of the two is missing.
    """
    log = json.loads((folder / f"{spec.key}.json").read_text("utf-8"))
    file = folder / spec.weights.location
    # The model card that is read holds the digest of the weights before these.
    unknown = replace(spec, weights=replace(spec.weights, sha256=""))
    model = from_file(unknown, file)
    temperature = temperature_of(logits_of(model, held_out), held_out.labels)
    logits = logits_of(model, test)
    count, right = len(test.labels), int((logits.argmax(1) == test.labels).sum())
    low, high = wilson(right, count)
    return Measured(
        top1=100 * right / count,
        interval=(round(100 * low, 2), round(100 * high, 2)),
        pictures=count,
        ece=round(calibration_error(logits, test.labels, temperature), 4),
        temperature=temperature,
        parameters=spec.parameters,
        macs=spec.macs,
        epochs=log["recipe"]["epochs"],
        seed=log["recipe"]["seed"],
        seconds=log["seconds"],
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
    )


def table(specs: Sequence[ModelSpec], results: dict[str, Measured]) -> str:
    """The results as a Markdown table."""
    head = "network | top-1 % (95 % interval) | parameters | M MACs | epochs | seed | min | ECE | T"
    rows = [f"| {head} |", "|" + " --- |" * (head.count("|") + 1)]
    for spec in specs:
        result = results[spec.key]
        cells = (
            spec.title,
            f"{result.top1:.2f} ({result.interval[0]:.2f} to {result.interval[1]:.2f})",
            f"{result.parameters:,}",
            f"{result.macs / 1e6:.1f}",
            result.epochs,
            result.seed,
            round(result.seconds / 60),
            f"{result.ece:.3f}",
            f"{result.temperature:.2f}",
        )
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(rows)


def write(
    folder: Path,
    specs: Sequence[ModelSpec],
    results: dict[str, Measured],
    counts: dict[str, int],
    form: str,
) -> None:
    """Write card.json and README.md."""
    rows = {key: asdict(result) for key, result in results.items()}
    (folder / "card.json").write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    text = _TEMPLATE.read_text("utf-8").format(
        table=table(specs, results), bins=BINS, tolerated=TOLERATED, form=form, **counts
    )
    (folder / "README.md").write_text(text, "utf-8")


def evaluate(data: Path, folder: Path, specs: Sequence[ModelSpec] = BUNDLED) -> dict[str, Measured]:
    """Measure these networks, write their model card, and return it.

    Raises:
        FileNotFoundError: if weights or a training log are missing; nothing is written then.
    """
    fit, held_out = split_held_out(load(data, "train"))
    test = load(data, "test")
    results = {}
    for spec in specs:
        results[spec.key] = measure(spec, folder, held_out, test)
        print(spec.key, results[spec.key], flush=True)
    counts = {"fit": fit, "held_out": held_out, "test": test}
    sizes = {key: len(part.labels) for key, part in counts.items()}
    write(folder, specs, results, sizes, file_format(data))
    return results


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Measure the bundled networks for the model card.")
    parser.add_argument("--data", type=Path, required=True, help="as for demo.lab.train")
    parser.add_argument("--weights", type=Path, default=FOLDER, help="folder of weights and logs")
    args = parser.parse_args()
    evaluate(args.data, args.weights)


if __name__ == "__main__":
    main()
