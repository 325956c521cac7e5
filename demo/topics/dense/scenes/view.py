"""The scenes of the DenseNet topic as HTML, in one language.

A block or a cell that the network does not have stands for none: for the last block, for no cell.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from demo.drawing.before_after import before_after, moved
from demo.drawing.stage import staged
from demo.drawing.style import counted, percent, signed
from demo.engine.ask import ask
from demo.labels import label_name
from demo.page.wiring import told
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.dense import links
from demo.topics.dense.figures import (
    matrix as dense_matrix,
    passage as lanes,
    reads as flows,
    reuse as dense_reuse,
)
from demo.topics.dense.numbers.growth import PRESETS, first_layers, growth
from demo.topics.dense.numbers.reads import feature_flow
from demo.topics.dense.passage import dense_passage, kept, residual_passage
from demo.topics.dense.records import LinkEffects, Passage, Reading, Reuse
from demo.topics.dense.reuse import link, observations, reuse
from demo.zoo.catalogue import able, spec

PAIRS = {
    name: (able("stages", dataset)[0].key, able("growth", dataset)[0].key)
    for name, dataset in (("mini", "cifar10"), ("large", "imagenet"))
}
"""The first network that adds and the first that concatenates, of each data set."""
MOST_STEPS = 3
MODELS = able("growth")
START = MODELS[0].key
READER = 4
"""The layer that the lecture follows."""


def reads(t: Words, layer: float) -> str:
    """Which earlier outputs a layer reads, in both families."""
    found = feature_flow(int(layer))
    return staged(flows.reads(found, t), flows.sentence(found, t), "drawing")


def passage(t: Words, photo: Photo, pair: str) -> str:
    """Addition beside concatenation, with what is left of x."""
    planned = _passages(pair)
    try:
        ways = [replace(way, kept=ask(kept, way.model, photo, way)) for way in planned]
    except Problem as problem:
        name = html.escape(t("scene.instead", model=t("densenet.pair_mini")))
        button = f'<button type="button" class="instead" data-use-network="mini">{name}</button>'
        return told(problem, t, t("scene.absent")) + button + bare_passage(t, pair)
    words = [
        t(
            "densenet.passage_say_adds" if way.sums else "densenet.passage_say_keeps",
            title=way.title,
            first=way.widths[0],
            last=way.widths[-1],
            kept=way.kept[-1],
            all=way.widths[-2],
        )
        for way in ways
    ]
    drawn = lanes.lanes(*ways, t)
    return staged(drawn, html.escape(t.sentences(*words)), "drawing") + lanes.buttons(t)


def bare_passage(t: Words, pair: str) -> str:
    """The same without a photo or weights: the shapes alone."""
    ways = _passages(pair)
    words = [
        t(
            "densenet.passage_bare_adds" if way.sums else "densenet.passage_bare_keeps",
            title=way.title,
            first=way.widths[0],
            last=way.widths[-1],
        )
        for way in ways
    ]
    drawn = lanes.lanes(*ways, t)
    return staged(drawn, html.escape(t.sentences(*words)), "drawing") + lanes.buttons(t)


def _passages(pair: str) -> tuple[Passage, Passage]:
    adds, keeps = map(spec, PAIRS[pair if pair in PAIRS else "mini"])
    above = residual_passage(adds, MOST_STEPS)
    return above, dense_passage(keeps, first_layers(PRESETS[keeps.key], len(above.added)))


def readers(
    t: Words, photo: Photo | None, key: str, block: str, reading: Reading, each: bool, cell: str
) -> str:
    """The matrix of a block, beside it the opened cell or what the paper saw."""
    number = opened(key, block)
    found = ask(reuse, key, number, reading, photo)
    at = cell_of(found, cell)
    if at is None or photo is None:
        return _closed(t, key, found, each, photo)
    source, target = at
    off = ask(links.cut, key, photo, number, target, [source])
    channels = ask(link, key, number, source, target, reading, photo)
    names = _class_names(key, t)
    ends = _ends(found, source, target, t)
    says = t(
        "densenet.opened",
        source=ends[0],
        target=ends[1],
        mean=f"{channels.mean:.3g}",
        strongest=channels.strongest,
        most=f"{channels.most:.3g}",
    )
    words = t("densenet.cut_link", source=ends[0], target=ends[1])
    side = (
        f'<button type="button" class="close-cell" data-close-cell>'
        f"{html.escape(t('densenet.close_cell'))}</button>"
        f"{dense_reuse.opened(channels, says, t('densenet.channel_axis'), t)}"
        f"<h4>{html.escape(t('densenet.cut_title'))}</h4>"
        f"{before_after(off, words, spec(key).family, names, t, count=3)}"
    )
    sentence = t.sentences(html.escape(says), moved(off, names, t))
    return _beside(_matrix(found, each, at, t), side, sentence)


def bare_readers(t: Words, key: str, block: str, reading: Reading, each: bool, cell: str) -> str:
    """The same without a photo; without weights only who can read whom."""
    try:
        return readers(t, None, key, block, "raw" if reading == "activation" else reading, each, "")
    except Problem:
        pass
    plan, number = PRESETS[key], opened(key, block)
    layers = [layer for layer in growth(plan).layers if layer.block == number]
    starts = (0, *(layer.in_channels for layer in layers), layers[-1].out_channels)
    count = len(layers) + 1
    after = "classifier" if number == len(plan.blocks) else "transition"
    nothing = np.where(np.tri(count).T > 0, 0.0, np.nan).astype(np.float32)
    found = Reuse(key, number, "raw", after, nothing, starts)
    words = t("densenet.readers_bare", block=number, layers=len(layers), links=found.links)
    matrix = dense_matrix.frame(dense_matrix.plain_payload(found, t), "none", words)
    return _beside(matrix, "", html.escape(words))


def _closed(t: Words, key: str, found: Reuse, each: bool, photo: Photo | None) -> str:
    source, target = found.strongest
    ends = _ends(found, source, target, t)
    seen = observations(_all_blocks(key, found.reading, photo))
    words = t(
        "densenet.readers_say",
        block=found.block,
        links=found.links,
        source=ends[0],
        target=ends[1],
        value=f"{float(found.matrix[source, target]):.3g}",
        holds=counted(sum(one.holds is True for one in seen), t),
        all=counted(len(seen), t),
    )
    title = f"<h4>{html.escape(t('densenet.observations_title'))}</h4>"
    side = title + dense_reuse.claims(seen, t)
    return _beside(_matrix(found, each, None, t), side, html.escape(words))


def observed(t: Words, photo: Photo, key: str, reading: Reading) -> str:
    """The paper's four observations with the numbers of this network."""
    seen = observations(_all_blocks(key, reading, photo))
    return (
        f"<h4>{html.escape(t('densenet.observations_title'))}</h4>"
        f"{dense_reuse.observations(seen, t)}"
        f'<p class="hint">{html.escape(t("densenet.observations_note"))}</p>'
    )


def effects(t: Words, key: str, found: LinkEffects) -> str:
    """What each single cut of a block does, in words and as a matrix."""
    matrix = ask(reuse, key, found.block, "raw")
    source, target = found.strongest
    ends = _ends(matrix, source, target, t)
    label = _class_names(key, t)(found.index)
    flips = int(found.flips.sum())
    words = t(
        "densenet.effects_summary" if flips else "densenet.effects_summary_calm",
        label=label,
        probability=percent(found.probability),
        points=signed(100 * float(found.change[source, target])),
        source=ends[0],
        target=ends[1],
        flips=flips,
        total=found.links,
    )
    title = t("densenet.effects_title", label=label)
    payload = dense_matrix.effects_payload(found, matrix, label, t)
    return (
        f"<h4>{html.escape(title)}</h4><p>{html.escape(words)}</p>"
        f"{dense_matrix.frame(payload, 'effects', words)}"
    )


def blocks(t: Words, key: str, block: str) -> str:
    """The network's blocks as a control."""
    return dense_reuse.blocks(len(spec(key).blocks), opened(key, block), t)


def opened(key: str, block: str) -> int:
    """The number of the block; the last where the network has no such block."""
    count = len(spec(key).blocks)
    known = block.isdecimal() and len(block) < 3 and 1 <= int(block) <= count
    return int(block) if known else count


def cell_of(found: Reuse, cell: str) -> tuple[int, int] | None:
    """Source and target of "source,target"; None where there is no such link."""
    parts = cell.split(",")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 4 for part in parts):
        return None
    source, target = map(int, parts)
    return (source, target) if found.reads(source, target) else None


def _all_blocks(key: str, reading: Reading, photo: Photo | None) -> list[Reuse]:
    count = len(spec(key).blocks)
    return [ask(reuse, key, number, reading, photo) for number in range(1, count + 1)]


def _matrix(found: Reuse, each: bool, at: tuple[int, int] | None, t: Words) -> str:
    label = t(f"densenet.reading_{found.reading}")
    payload = dense_matrix.reuse_payload(found, each, at, t)
    return dense_matrix.frame(payload, found.reading, label)


def _beside(matrix: str, side: str, sentence: str) -> str:
    return staged(
        f'<div class="readers">{matrix}<div class="readers-side">{side}</div></div>', sentence
    )


def _ends(found: Reuse, source: int, target: int, t: Words) -> tuple[str, str]:
    """What the source and the target of a link are called."""
    last = target == found.targets - 1
    return (
        t("densenet.layer_n", layer=source) if source else t("densenet.source_input"),
        t(f"densenet.after_{found.after}") if last else t("densenet.layer_n", layer=target + 1),
    )


def _class_names(key: str, t: Words) -> Callable[[int], str]:
    """Index of a class -> what it is called in the reader's language."""
    one = spec(key)
    return lambda index: label_name(t, one.dataset, one.labels[index])
