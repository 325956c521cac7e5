"""Train one bundled network: `python -m demo.lab.train mini_resnet --data cifar10.zip`.

Shows progress, saves a checkpoint after every epoch and goes on from it after a kill; writes
`assets/weights/MODEL.safetensors` (fp16) and `MODEL.json` (the log) at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from demo.lab.data import HELD_OUT, Pictures, load, split_held_out
from demo.lab.recipe import (
    Average,
    Cycle,
    Recipe,
    augment,
    logits_of,
    normalise,
    optimizer,
    whiten_stem,
)
from demo.zoo.bundled import BUNDLED

BUILDERS: dict[str, Callable[[], nn.Module]] = {spec.key: spec.build for spec in BUNDLED}


@dataclass
class Run:
    """State of one training: everything a checkpoint holds.

    before: the moving average at the start of a fresh cycle.
    """

    network: nn.Module
    optimizer: torch.optim.Optimizer
    average: Average
    generator: torch.Generator
    epoch: int = 0
    seconds: float = 0.0
    log: list[dict[str, float]] = field(default_factory=list)
    before: dict[str, Tensor] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write the checkpoint; a kill in the middle leaves the previous one whole."""
        temporary = path.with_suffix(".part")
        torch.save(
            {
                "network": self.network.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "average": self.average.state,
                "steps": self.average.steps,
                "before": self.before,
                "generator": self.generator.get_state(),
                "epoch": self.epoch,
                "seconds": self.seconds,
                "log": self.log,
            },
            temporary,
        )
        os.replace(temporary, path)

    def restore(self, path: Path) -> None:
        """Take up the checkpoint."""
        saved = torch.load(path, weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average.state = saved["average"]
        self.average.steps = saved["steps"]
        self.before = saved["before"]
        self.generator.set_state(saved["generator"])
        self.epoch, self.seconds, self.log = saved["epoch"], saved["seconds"], saved["log"]


def start(model: str, recipe: Recipe, pictures: Pictures) -> Run:
    """A run at its first step: seeded weights, whitened stem."""
    torch.manual_seed(recipe.seed)
    network = BUILDERS[model]().to(memory_format=torch.channels_last)
    whiten_stem(network, pictures.images[:2_000])
    generator = torch.Generator().manual_seed(recipe.seed)
    average = Average(network, recipe.average)
    return Run(network, optimizer(network, recipe), average, generator)


def start_from(model: str, recipe: Recipe, folder: Path) -> Run:
    """A run that goes on where the weights and the log in this folder end.

    Raises:
        ValueError: if the recipe has no cycle that starts afresh there, or another one before.
    """
    log = json.loads((folder / f"{model}.json").read_text("utf-8"))
    done = tuple(Cycle(**cycle) for cycle in log["recipe"]["cycles"])
    following = recipe.cycles[len(done) : len(done) + 1]
    if recipe.cycles[: len(done)] != done or not all(cycle.fresh for cycle in following):
        raise ValueError(f"the recipe does not go on from the weights of {model}")
    network = BUILDERS[model]().to(memory_format=torch.channels_last)
    weights = load_file(folder / f"{model}.safetensors")
    network.load_state_dict({k: v.float() for k, v in weights.items()}, strict=False)
    average = Average(network, recipe.average)
    generator = torch.Generator().manual_seed(recipe.seed)
    rows = log["log"]
    return Run(
        network, optimizer(network, recipe), average, generator, len(rows), log["seconds"], rows
    )


def refresh(run: Run, recipe: Recipe) -> None:
    """Begin a cycle afresh: at the moving average, without momentum, with a seed of its own."""
    run.before = run.average.state
    run.network.load_state_dict(run.before)
    run.optimizer = optimizer(run.network, recipe)
    run.average = Average(run.network, recipe.average)
    run.generator.manual_seed(recipe.seed + run.epoch)


def blend(run: Run, share: float) -> None:
    """End a fresh cycle: its own weights and those that it started from, averaged."""
    for key, value in run.average.state.items():
        if value.is_floating_point():
            run.average.state[key] = run.before[key].lerp(value, share)


def one_epoch(run: Run, recipe: Recipe, pictures: Pictures, title: str) -> float:
    """Train for one epoch; returns the mean loss."""
    run.network.train()
    count = len(pictures.labels) // recipe.batch
    images = augment(pictures.images, run.epoch, recipe, run.generator)
    order = torch.randperm(len(pictures.labels), generator=run.generator)
    (cycle, place), size, total = recipe.at(run.epoch), recipe.size(run.epoch), 0.0
    bar = tqdm(range(count), desc=f"{title} {run.epoch + 1}/{recipe.epochs}", mininterval=10)
    for step in bar:
        for group in run.optimizer.param_groups:
            group["lr"] = cycle.lr(place + step / count)
        index = order[step * recipe.batch : (step + 1) * recipe.batch]
        loss = _loss(run.network, images[index], pictures.labels[index], size, recipe)
        loss.backward()
        run.optimizer.step()
        run.optimizer.zero_grad(set_to_none=True)
        run.average.update(run.network)
        total += loss.item()
        bar.set_postfix(loss=f"{total / (step + 1):.3f}", refresh=False)
    return total / count


def _loss(network: nn.Module, images: Tensor, labels: Tensor, size: int, recipe: Recipe) -> Tensor:
    x = normalise(images)
    if size != x.shape[-1]:
        x = F.interpolate(x, size=size, mode="bilinear", antialias=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = network(x)
    return F.cross_entropy(logits.float(), labels, label_smoothing=recipe.smoothing)


def train(
    model: str,
    data: Path,
    work: Path,
    recipe: Recipe,
    held_out: int = HELD_OUT,
    shipped: Path | None = None,
) -> Run:
    """Train to the end: from the checkpoint in `work`, else from `shipped`, else from nothing."""
    fit, rest = split_held_out(load(data, "train"), held_out)
    run = start_from(model, recipe, shipped) if shipped else start(model, recipe, fit)
    work.mkdir(parents=True, exist_ok=True)
    checkpoint = work / f"{model}.ckpt"
    if checkpoint.exists():
        run.restore(checkpoint)
    averaged = BUILDERS[model]()
    while run.epoch < recipe.epochs:
        began = time.perf_counter()
        cycle, place = recipe.at(run.epoch)
        if cycle.fresh and place == 0:
            refresh(run, recipe)
        loss = one_epoch(run, recipe, fit, model)
        run.epoch += 1
        if cycle.fresh and place == cycle.epochs - 1:
            blend(run, cycle.share)
        run.seconds += time.perf_counter() - began
        averaged.load_state_dict(run.average.state)
        right = (logits_of(averaged, rest).argmax(1) == rest.labels).float().mean().item()
        run.log.append({"epoch": run.epoch, "loss": loss, "held_out_accuracy": right})
        print(f"{model} epoch {run.epoch}: loss {loss:.4f}, held-out {right:.2%}", flush=True)
        run.save(checkpoint)
    return run


def write(model: str, run: Run, recipe: Recipe, folder: Path) -> None:
    """Ship the averaged weights as fp16 safetensors, and the log beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    half = {k: v.half() if v.is_floating_point() else v for k, v in run.average.state.items()}
    half = {k: v.contiguous() for k, v in half.items() if not k.endswith("num_batches_tracked")}
    save_file(half, folder / f"{model}.safetensors")
    described = {"epochs": recipe.epochs} | asdict(recipe)
    log = {"model": model, "recipe": described, "seconds": round(run.seconds), "log": run.log}
    (folder / f"{model}.json").write_text(json.dumps(log, indent=1) + "\n")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Train one bundled network.")
    parser.add_argument("model", choices=sorted(BUILDERS))
    parser.add_argument(
        "--data", type=Path, required=True, help="zip, folder, or where to download"
    )
    parser.add_argument("--work", type=Path, default=Path("runs"), help="folder for checkpoints")
    parser.add_argument("--out", type=Path, default=Path("assets/weights"))
    parser.add_argument("--shipped", type=Path, help="folder of weights and a log to go on from")
    parser.add_argument("--trial", type=int, metavar="EPOCHS", help="one short cycle of so many")
    args = parser.parse_args()
    recipe = Recipe()
    if args.trial:
        recipe = replace(recipe, cycles=(replace(recipe.cycles[0], epochs=args.trial),))
    run = train(args.model, args.data, args.work, recipe, shipped=args.shipped)
    write(args.model, run, recipe, args.out)


if __name__ == "__main__":
    main()
