"""What the ResNet tab shows of one photo, network and block, as HTML in one language."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.explain import paths
from demo.explain.residual import bottleneck, bottlenecks, residual_sum, shares
from demo.explain.runs import run
from demo.figures import (
    residual_bottleneck,
    residual_forms,
    residual_maps,
    residual_paths,
    residual_strip,
)
from demo.figures.before_after import before_after
from demo.figures.heat import frame, photo_ratio, photo_uri
from demo.figures.style import family_var
from demo.labels import label_name
from demo.records import Photo, Scores
from demo.records.residual import Bottleneck
from demo.text import Words
from demo.zoo.catalogue import spec

if TYPE_CHECKING:
    from demo.zoo.loading import LoadedModel

PARTNERS = {
    "mini_resnet": "mini_resnext",
    "mini_resnext": "mini_resnet",
    "resnet50": "resnext50_32x4d",
    "resnet50_v2": "resnext50_32x4d_v2",
    "resnext50_32x4d": "resnet50",
    "resnext50_32x4d_v2": "resnet50_v2",
}
"""The network of the other family with the same outline."""


@dataclass(frozen=True)
class View:
    """One block of one network on one photo. Looking at another block costs no forward pass."""

    t: Words
    loaded: LoadedModel
    photo: Photo
    name: str

    @property
    def block(self) -> Bottleneck:
        """The block that is looked at."""
        return bottleneck(self.loaded.spec, self.name)

    @property
    def scores(self) -> Scores:
        """The whole network's answer."""
        return run(self.loaded, self.photo).scores

    def under(self) -> str:
        """The photo, once for everything that lies on it, and the family's colour."""
        address = photo_uri(self.photo.pixels, side=360)
        family = family_var(self.loaded.spec.family)
        shape = frame(photo_ratio(self.photo.pixels), address)
        return f"<style>.residual {{ {shape}; --family: {family}; }}</style>"

    def strip(self) -> str:
        """All blocks with their ratios, this one pressed."""
        blocks = bottlenecks(self.loaded.spec)
        found = shares(self.loaded, self.photo)
        return residual_strip.strip(blocks, found, self.name, self.t)

    def maps(self) -> str:
        """What the shortcut carries, what the branch adds, their sum."""
        t, found = self.t, residual_sum(self.loaded, self.photo, self.name)
        ratio = photo_ratio(self.photo.pixels)
        kind = "residual.carries_x" if found.block.identity else "residual.carries_conv"
        name = residual_strip.block_name(self.name, t)
        return (
            f'<p class="hint">{html.escape(t(kind, block=name))}</p>'
            f"{residual_maps.terms(found, ratio, t)}{residual_maps.channels(found, t)}"
        )

    def forms(self) -> str:
        """The three equal forms, computed now; a word where the block has one path."""
        if self.block.cardinality == 1:
            return f'<p class="hint">{html.escape(self.t("residual.forms_need_paths"))}</p>'
        return residual_forms.forms(paths.forms(self.loaded, self.photo, self.name), self.t)

    def switches(self, off: Sequence[str]) -> str:
        """Shortcut, branch and paths as switches."""
        several = self.block.cardinality > 1
        found = paths.path_maps(self.loaded, self.photo, self.name) if several else None
        return residual_paths.switches(found, off, self.t)

    def worth(self, off: Sequence[str]) -> str:
        """The answer before and after; runs the network when something is off."""
        known = [part for part in off if part in self.block.switches]
        found = paths.switched(self.loaded, self.photo, self.name, known)
        words = ", ".join(residual_paths.part_name(part, self.t) for part in found.off)
        return before_after(found, words, self.loaded.spec.family, self.class_name, self.t)

    def every_block(self) -> str:
        """Each block's shortcut off by itself, and each block's branch."""
        blocks = bottlenecks(self.loaded.spec)
        rows = paths.each_off(self.loaded, self.photo, blocks)
        return residual_paths.every_block(rows, self.class_name, self.t)

    def class_name(self, index: int) -> str:
        """A class in the reader's language, where it has a name of ours."""
        one = self.loaded.spec
        return label_name(self.t, one.dataset, one.labels[index])


def bare_strip(key: str, name: str, t: Words) -> str:
    """The blocks of a network without its weights; they can be opened, but say no numbers."""
    return residual_strip.strip(bottlenecks(spec(key)), None, name, t)


def pair(key: str, name: str, t: Words) -> str:
    """A block of a network beside the same block of its partner; needs no weights and no photo."""
    keys = sorted((key, PARTNERS[key]) if key in PARTNERS else (key,), key=_family)
    rows = []
    for one in map(spec, keys):
        blocks = {block.name: block for block in bottlenecks(one)}
        rows.append((one.title, one.family, blocks[opened(one.key, name)]))
    return residual_bottleneck.pair(rows, t)


def _family(key: str) -> int:
    return ("resnet", "resnext").index(spec(key).family)


def opened(key: str, name: str) -> str:
    """The block of that name; where there is none, the third: its shortcut is x itself."""
    names = list(spec(key).blocks)
    return name if name in names else names[min(2, len(names) - 1)]
