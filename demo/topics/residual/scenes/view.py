"""The scenes of the ResNet topic as HTML: each of a photo, a network and a block, in one language.

A name of a block that the network does not have stands for the block that it opens with.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from demo.drawing.before_after import before_after, moved
from demo.drawing.heat import frame, photo_address, photo_ratio
from demo.drawing.stage import staged
from demo.drawing.style import family_var, percent, whole
from demo.engine.ask import ask
from demo.labels import label_name
from demo.page.wiring import use_instead
from demo.records import Photo
from demo.text import Words
from demo.topics.residual import paths
from demo.topics.residual.addition import bottleneck, bottlenecks, residual_sum, shares
from demo.topics.residual.figures import (
    bottleneck as residual_bottleneck,
    forms as residual_forms,
    maps as residual_maps,
    paths as residual_paths,
    strip as residual_strip,
)
from demo.topics.residual.figures.strip import block_name
from demo.topics.residual.records import Bottleneck
from demo.zoo.catalogue import partner, spec


def adds(t: Words, photo: Photo, key: str, name: str) -> str:
    """How much each block adds: all blocks with their ratios, this one pressed."""
    found = ask(shares, key, photo)
    drawn = residual_strip.strip(bottlenecks(spec(key)), found, opened(key, name), t)
    words = t(
        "residual.adds_say",
        most=block_name(found.most.block, t),
        most_ratio=f"{found.most.ratio:.2f}",
        least=block_name(found.least.block, t),
        least_ratio=f"{found.least.ratio:.2f}",
    )
    return staged(_in_family(drawn, key), html.escape(words))


def bare_adds(t: Words, key: str, name: str) -> str:
    """The same without a photo or weights: the blocks alone."""
    return staged(_in_family(bare_strip(key, name, t), key), html.escape(t("residual.adds_bare")))


def bare_strip(key: str, name: str, t: Words) -> str:
    """All blocks without numbers, this one pressed."""
    return residual_strip.strip(bottlenecks(spec(key)), None, opened(key, name), t)


def strip(t: Words, key: str, name: str) -> str:
    """The blocks as a control."""
    return _in_family(bare_strip(key, name, t), key)


def pair(t: Words, key: str, name: str) -> str:
    """A block beside the same block of its partner; needs no weights and no photo."""
    networks = filter(None, (spec(key), partner(spec(key))))
    blocks = [(one, bottleneck(one, opened(one.key, name))) for one in networks]
    rows, words = [], []
    for one, block in sorted(blocks, key=lambda row: row[1].cardinality):
        rows.append((one.title, one.family, block))
        kind = residual_bottleneck.kind(block, t)
        weights = whole(sum(block.weights))
        words.append(t("residual.pair_say", title=one.title, kind=kind, weights=weights))
    sentence = t.sentences(*words)
    return staged(_in_family(residual_bottleneck.pair(rows, t), key), html.escape(sentence))


def terms(t: Words, photo: Photo, key: str, name: str) -> str:
    """What the shortcut carries, what the branch adds, their sum."""
    name = opened(key, name)
    found, ratio = ask(residual_sum, key, photo, name), photo_ratio(photo.pixels)
    shown = block_name(name, t)
    carried, added, passed = (f"{mean:.2f}" for mean in found.means)
    words = t("residual.sum_say", block=shown, carried=carried, added=added, passed=passed)
    drawn = residual_maps.terms(found, ratio, t)
    sentence = t.sentences(words, _carries(found.block, t))
    return staged(_in_family(drawn, key, photo), html.escape(sentence))


def bare_terms(t: Words, key: str, name: str) -> str:
    """The same without a photo or weights: where the block adds."""
    one, block = spec(key), bottleneck(spec(key), opened(key, name))
    drawn = residual_bottleneck.pair([(one.title, one.family, block)], t)
    return staged(_in_family(drawn, key), html.escape(_carries(block, t)))


def _carries(block: Bottleneck, t: Words) -> str:
    kind = "residual.carries_x" if block.identity else "residual.carries_conv"
    return t(kind, block=block_name(block.name, t))


def forms(t: Words, photo: Photo, key: str, name: str) -> str:
    """The three equal forms, computed now; what to do where the block has one path."""
    name = opened(key, name)
    if bottleneck(spec(key), name).cardinality == 1:
        return bare_forms(t, key, name)
    found = ask(paths.forms, key, photo, name)
    drawn = residual_forms.forms(found.cardinality, found.path_width, t)
    drawn += residual_forms.differences(found, t)
    return staged(_in_family(drawn, key), residual_forms.sentence(found, t))


def bare_forms(t: Words, key: str, name: str) -> str:
    """The same without a photo or weights: the drawings; for one path the block as it is."""
    one, block = spec(key), bottleneck(spec(key), opened(key, name))
    if block.cardinality > 1:
        drawn = residual_forms.forms(block.cardinality, block.path_width, t)
        return staged(_in_family(drawn, key), html.escape(t("residual.forms_bare")))
    drawn = residual_bottleneck.pair([(one.title, one.family, block)], t)
    other = partner(one)
    button = use_instead(other, t) if other else ""
    return staged(_in_family(drawn, key), html.escape(t("residual.forms_need_paths"))) + button


def off(t: Words, photo: Photo, key: str, name: str, chosen: str) -> str:
    """Shortcut, branch and paths as switches, and the answer before and after."""
    block = bottleneck(spec(key), opened(key, name))
    known = _known(block, chosen)
    maps = ask(paths.path_maps, key, photo, block.name) if block.cardinality > 1 else None
    found = ask(paths.switched, key, photo, block.name, known)
    names = _class_names(key, t)
    words = ", ".join(residual_paths.part_name(part, t) for part in found.off)
    drawn = (
        f'<div class="residual-off">{residual_paths.switches(block, maps, known, t)}'
        f"{before_after(found, words, spec(key).family, names, t)}</div>"
    )
    said = moved(found, names, t)
    if not found.off:
        share = percent(found.before.probabilities[found.top])
        said = html.escape(t("residual.all_on", name=names(found.top), share=share))
    return staged(_in_family(drawn, key, photo), said)


def bare_off(t: Words, key: str, name: str, chosen: str) -> str:
    """The same without a photo or weights: what there is to switch off."""
    block = bottleneck(spec(key), opened(key, name))
    drawn = residual_paths.switches(block, None, _known(block, chosen), t)
    return staged(_in_family(drawn, key), html.escape(t("residual.off_bare")))


def _known(block: Bottleneck, chosen: str) -> list[str]:
    return [part for part in chosen.split(",") if part in block.switches]


def every_block(t: Words, photo: Photo, key: str) -> str:
    """Each block's shortcut off by itself, and each block's branch."""
    rows = ask(paths.each_off, key, photo, bottlenecks(spec(key)))
    return residual_paths.every_block(rows, _class_names(key, t), t)


def opened(key: str, name: str) -> str:
    """The block of that name; where there is none, the third: its shortcut is x itself."""
    names = list(spec(key).blocks)
    return name if name in names else names[min(2, len(names) - 1)]


def _in_family(drawn: str, key: str, photo: Photo | None = None) -> str:
    """Drawn in the network's colour, and on the photo, which is sent once for all maps on it."""
    shape = f"--family: {family_var(spec(key).family)}"
    if photo is not None:
        shape += f"; {frame(photo_ratio(photo.pixels), photo_address(photo, side=360))}"
    return f'<div class="residual" style="{html.escape(shape, quote=True)}">{drawn}</div>'


def _class_names(key: str, t: Words) -> Callable[[int], str]:
    """Index of a class -> what it is called in the reader's language."""
    one = spec(key)
    return lambda index: label_name(t, one.dataset, one.labels[index])
