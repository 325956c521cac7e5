"""What the Inception tab shows of one photo, network and block, as HTML in one language."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from demo.arithmetic.inception import projection, reduction
from demo.arithmetic.receptive import fields, region, within
from demo.explain import ablation, branches
from demo.explain.anatomy import anatomy
from demo.explain.runs import run
from demo.figures import (
    inception_branches,
    inception_depth,
    inception_field,
    inception_maps,
    inception_module,
    inception_reduction,
    inception_worth,
)
from demo.figures.before_after import before_after, moved
from demo.figures.heat import frame, photo_ratio, photo_uri
from demo.figures.inception_style import label
from demo.figures.style import percent, signed
from demo.labels import label_name
from demo.records import Box, Photo, Scores
from demo.records.inception import Anatomy, Block, BlockActivity, Branch, CutMatrix, Mode, Step
from demo.text import Words
from demo.zoo.spec import ModelSpec

if TYPE_CHECKING:
    from demo.zoo.loading import LoadedModel

REDUCED = 16
"""Channels shown of a reduction."""


@dataclass(frozen=True)
class Plan:
    """One block of a network, as it is built: no weights, no photo."""

    t: Words
    spec: ModelSpec
    name: str

    @cached_property
    def body(self) -> Anatomy:
        """How the network is built."""
        return anatomy(self.spec)

    @property
    def block(self) -> Block:
        """The block that is looked at."""
        return self.body.blocks[self.name]

    def strip(self) -> str:
        """All blocks, this one pressed."""
        return inception_module.strip(tuple(self.body.blocks.values()), self.name, self.t)

    def module(self) -> str:
        """The block drawn, and the story of the missing 5x5 where it belongs."""
        t = self.t
        story = ""
        # torchvision's GoogLeNet alone has two branches of the same kernels in a block.
        if any(branch.name.endswith("#2") for branch in self.block.branches):
            story = (
                f'<details class="story"><summary>{html.escape(t("inception.story_title"))}'
                f"</summary><p>{html.escape(t('inception.story'))}</p></details>"
            )
        return (
            f"<h3>{html.escape(self.name)} · {html.escape(t('inception.diagram_title'))}</h3>"
            f'{inception_module.diagram(self.block, t)}<p class="hint">'
            f"{html.escape(t('inception.diagram_hint'))}</p>{story}"
        )

    def roles(self) -> str:
        """What the block's reductions save."""
        found = [one for one in map(reduction, self.block.branches) if one is not None]
        return inception_reduction.roles(
            [inception_reduction.Reduced(one) for one in found], self.behind_pool, self.t
        )

    @property
    def behind_pool(self) -> Step | None:
        """The 1x1 convolution behind the block's pooling, if there is one."""
        behind = (projection(branch) for branch in self.block.branches)
        return next((step for step in behind if step is not None), None)


@dataclass(frozen=True)
class View:
    """One block of one network on one photo. Looking at another block costs no forward pass."""

    t: Words
    loaded: LoadedModel
    photo: Photo
    name: str
    count: int = 16
    by_strength: bool = True

    @cached_property
    def plan(self) -> Plan:
        """How the block is built."""
        return Plan(self.t, self.loaded.spec, self.name)

    @property
    def body(self) -> Anatomy:
        """How the network is built."""
        return self.plan.body

    @property
    def block(self) -> Block:
        """The block that is looked at."""
        return self.body.blocks[self.name]

    @property
    def scores(self) -> Scores:
        """The whole network's answer."""
        return run(self.loaded, self.photo).scores

    @property
    def seen(self) -> Box:
        """The part of the photo that the network was given."""
        return self.scores.seen

    @cached_property
    def activity(self) -> BlockActivity:
        """What the block's branches put out."""
        return branches.activity(self.loaded, self.photo, self.name)

    @property
    def ratio(self) -> float:
        """Width / height of the photo as it is drawn."""
        return photo_ratio(self.photo.pixels)

    def under(self) -> str:
        """The photo, once for everything in the tab that lies on it (see `heat.photo_once`)."""
        address = photo_uri(self.photo.pixels, side=360)
        return f"<style>.inception {{ {frame(self.ratio, address)}; }}</style>"

    def columns(self) -> str:
        """A column for each branch."""
        maps, shown = {}, {}
        for branch, found in zip(self.block.branches, self.activity.branches, strict=True):
            maps[branch.name] = self._maps(branch)
            shown[branch.name] = branches.strongest(found.strength, self.count)
            if not self.by_strength:
                shown[branch.name].sort()
        return inception_branches.columns(
            self.block, self.activity, maps, shown, self.seen, self.ratio, self.t
        )

    def channel(self, branch: str = "", index: int = -1) -> str:
        """One channel enlarged; without a choice the strongest of the branch with most energy."""
        found = self.activity.branches
        if branch not in [one.name for one in found]:
            branch, index = max(found, key=lambda one: one.energy).name, -1
        maps = self._maps(self.block.branch(branch))
        if not 0 <= index < len(maps):
            strength = next(one.strength for one in found if one.name == branch)
            index = branches.strongest(strength, 1)[0]
        words = self.t("inception.channel_of", branch=label(branch, self.t), index=index)
        return inception_maps.enlarged(maps[index], words, self.seen, self.ratio, self.t)

    def field(self) -> str:
        """What one position sees, the middle one first."""
        row, column = self.block.shape_out[1] // 2, self.block.shape_out[2] // 2
        behind, side = fields(self.body.steps), self.block.shape_in[1]
        sights = []
        for branch in self.block.branches:
            near, far = within(branch), behind[branch.exit]
            sights.append(
                inception_field.Sight(
                    near,
                    far,
                    region(near, row, column, side, self.seen),
                    region(far, row, column, self.body.size, self.seen),
                )
            )
        return inception_field.views(
            self.block, sights, (row, column), self.body.size, self.seen, self.ratio, self.t
        )

    def worth(self, off: Collection[str], mode: Mode, asked: str) -> str:
        """The answer before and after; runs the network when something is off."""
        known = [branch.name for branch in self.block.branches if branch.name in off]
        cut = ablation.cut(self.loaded, self.photo, self.name, known, mode)
        words = ", ".join(label(name, self.t) for name in cut.off)
        drawn = before_after(
            cut, words, self.loaded.spec.family, self.class_name, self.t, self.index(asked)
        )
        return f"{drawn}<p>{moved(cut, self.class_name, self.t)}</p>"

    def matrix(self, mode: Mode, asked: str, progress: ablation.Progress | None = None) -> str:
        """Every branch of every block off; runs the network once."""
        return self._drawn(ablation.matrix(self.loaded, self.photo, mode, progress), asked)

    def kept_matrix(self, mode: Mode, asked: str) -> str:
        """The same if it has been run before, else "": another class runs nothing."""
        found = ablation.kept_matrix(self.loaded, self.photo, mode)
        return "" if found is None else self._drawn(found, asked)

    def _drawn(self, found: CutMatrix, asked: str) -> str:
        index = self.index(asked)
        worst = found.worst(index)
        change = worst.logit_change(index)
        words = self.t(
            "inception.worst",
            block=worst.block,
            branch=label(worst.off[0], self.t),
            change=signed(change),
        )
        drawn = inception_worth.matrix(found, index, self.class_name(index), self.t)
        return f"{drawn}<p>{html.escape(words) if change < 0 else ''}</p>"

    def depth(self) -> str:
        """All blocks, split among their branches."""
        found = branches.across(self.loaded, self.photo)
        blocks = tuple(self.body.blocks.values())
        extents = [[max(within(one).extent) for one in block.branches] for block in blocks]
        drawn = inception_depth.depth(blocks, found, extents, self.t)
        return f"{drawn}<p>{html.escape(self._large(blocks, found))}</p>"

    def roles(self) -> str:
        """What the block's reductions save, bend and mix."""
        found = []
        for branch in self.block.branches:
            one = reduction(branch)
            if one is None:
                continue
            maps = branches.reduction_maps(self.loaded, self.photo, self.name, one.path)
            strongest = branches.strongest(maps.mean(axis=(1, 2)), REDUCED)
            weights = branches.mixing(self.loaded, one.path)
            work = inception_reduction.Work(maps, strongest, weights)
            found.append(inception_reduction.Reduced(one, work))
        return inception_reduction.roles(found, self.plan.behind_pool, self.t)

    def index(self, asked: str) -> int:
        """Index of the class that is asked for; "" is the network's first choice."""
        labels = self.loaded.spec.labels
        return labels.index(asked) if asked in labels else self.scores.top

    def class_name(self, index: int) -> str:
        """A class in the reader's language, where it has a name of ours."""
        spec = self.loaded.spec
        return label_name(self.t, spec.dataset, spec.labels[index])

    def _maps(self, branch: Branch) -> np.ndarray:
        return branches.maps(self.loaded, self.photo, self.name, branch.name)

    def _large(self, blocks: tuple[Block, ...], found: tuple[BlockActivity, ...]) -> str:
        """Where kernels larger than 3x3 gain or lose weight, from the first block to the last."""

        def share(number: int, of: Callable[[int, int], float]) -> str:
            large = [
                of(number, i)
                for i, branch in enumerate(blocks[number].branches)
                if not branch.pools and max(within(branch).extent) > 3
            ]
            return percent(sum(large))

        last = len(blocks) - 1
        channels = [share(n, lambda n, i: found[n].branches[i].channel_share) for n in (0, last)]
        energy = [share(n, lambda n, i: found[n].branches[i].energy_share) for n in (0, last)]
        return self.t(
            "inception.depth_large",
            first=blocks[0].name,
            last=blocks[last].name,
            channels_first=channels[0],
            channels_last=channels[1],
            energy_first=energy[0],
            energy_last=energy[1],
        )


def opened(one: ModelSpec, name: str) -> str:
    """The block of that name, the first where there is none."""
    return name if name in one.blocks else next(iter(one.blocks))
