"""The scenes of the Inception topic as HTML: each of a network and a block, in one language.

A name of a block that the network does not have stands for its first block.
"""

from __future__ import annotations

import html
from collections.abc import Callable

from demo.drawing import svg
from demo.drawing.before_after import before_after, moved
from demo.drawing.heat import frame, photo_address, photo_ratio
from demo.drawing.stage import staged
from demo.drawing.style import percent, signed, whole
from demo.engine.ask import ask
from demo.engine.predict import scores as answer_of
from demo.labels import label_name
from demo.records import Photo
from demo.text import Words
from demo.topics.inception import ablation, branches as measured
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.figures import (
    branches as inception_branches,
    depth as inception_depth,
    field as inception_field,
    maps as inception_maps,
    module,
    roles as inception_reduction,
    worth as inception_worth,
)
from demo.topics.inception.figures.style import kernel, label
from demo.topics.inception.numbers.cost import block_weights, roles as roles_of
from demo.topics.inception.numbers.receptive import depth as depth_of, sights
from demo.topics.inception.records import Block, BlockActivity, CutMatrix, Depth, Mode, Roles
from demo.zoo.catalogue import spec
from demo.zoo.loading import part_seen

REDUCED = 16
"""Channels shown of a reduction."""


def strip(t: Words, key: str, name: str) -> str:
    """All blocks of a network as a control, this one pressed."""
    blocks = tuple(anatomy(spec(key)).blocks.values())
    return module.strip(blocks, opened(key, name), t)


def block(t: Words, key: str, name: str) -> str:
    """How the block is built; below it, where it belongs, the story of the missing 5x5."""
    one = _block(key, name)
    words = t(
        "inception.block_say",
        block=one.name,
        into=svg.shape(*one.shape_in),
        out=f"{one.shape_out[0]:,}",
        terms=" + ".join(f"{branch.channels:,}" for branch in one.branches),
        widest=label(one.widest.name, t),
        share=percent(one.widest.channels / one.shape_out[0]),
        weights=whole(block_weights(one)),
    )
    drawn = staged(module.diagram(one, t), html.escape(words), "drawing")
    return drawn + (_story(t) if one.twins else "")


def bare_block(t: Words, key: str, name: str, *_: object) -> str:
    """What a scene shows of a block whose weights, or the photo, are missing."""
    return block(t, key, name)


def branches(
    t: Words, photo: Photo, key: str, name: str, count: float, order: str, channel: str
) -> str:
    """What each branch puts out on the photo, and one of its channels enlarged.

    Args:
        count: how many channels of each branch, the strongest ones.
        order: "strength", or "index" for that of their numbers.
        channel: the enlarged one as "branch:index"; where there is none such, the strongest of the
            branch with most energy.
    """
    one = _block(key, name)
    activity = ask(measured.activity, key, photo, one.name)
    seen, ratio = ask(answer_of, key, photo).seen, photo_ratio(photo.pixels)
    maps = {b.name: ask(measured.maps, key, photo, one.name, b.name) for b in one.branches}
    shown = {b.name: measured.strongest(b.strength, int(count)) for b in activity.branches}
    if order == "index":
        shown = {name: sorted(indices) for name, indices in shown.items()}
    branch, index = _channel(activity, channel)
    words = t("inception.channel_of", branch=label(branch, t), index=index)
    drawn = inception_branches.rows(one, activity, maps, shown, (branch, index), seen, ratio, t)
    large = inception_maps.enlarged(maps[branch][index], words, seen, ratio, t)
    sentence = html.escape(_branches_say(one.name, activity, t))
    return staged(_on(photo, f'<div class="branch-view">{drawn}{large}</div>'), sentence)


def field(t: Words, photo: Photo, key: str, name: str) -> str:
    """How far each branch sees, on the photo; needs no weights."""
    found = sights(anatomy(spec(key)), opened(key, name))
    seen, ratio = part_seen(photo, spec(key).preprocess), photo_ratio(photo.pixels)
    drawn = inception_field.views(found, seen, ratio, t)
    return staged(_on(photo, drawn), html.escape(_field_say(key, name, t)))


def bare_field(t: Words, key: str, name: str) -> str:
    """The same without a photo."""
    found = sights(anatomy(spec(key)), opened(key, name))
    drawn = inception_field.drawing(found, t)
    return staged(drawn, html.escape(_field_say(key, name, t)), "drawing")


def worth(t: Words, photo: Photo, key: str, name: str, off: str, mode: Mode, asked: str) -> str:
    """Branches as switches, and the answer before and after; runs the network for what is off.

    Args:
        off: names of branches with commas between them; those that the block lacks are left out.
        asked: the class whose logit is told; "" is the network's first choice.
    """
    one = _block(key, name)
    activity = ask(measured.activity, key, photo, one.name)
    known = [branch.name for branch in one.branches if branch.name in off.split(",")]
    found = ask(ablation.cut, key, photo, one.name, known, mode)
    names, scores = _class_names(key, t), ask(answer_of, key, photo)
    words = t("page.comma").join(label(part, t) for part in found.off)
    tiles = inception_worth.switches(
        one, activity, known, scores.seen, photo_ratio(photo.pixels), t
    )
    index = _index(key, photo, asked)
    answers = before_after(found, words, spec(key).family, names, t, index)
    said = moved(found, names, t)
    if not found.off:
        share = percent(found.before.probabilities[found.top])
        said = html.escape(t("inception.all_on", name=names(found.top), share=share))
    place = f'data-network="{key}" data-block="{one.name}" data-off="{len(found.off)}"'
    drawn = f'<div class="worth-view" {place}>{tiles}{answers}</div>'
    return staged(_on(photo, drawn), said)


def matrix(
    t: Words,
    photo: Photo,
    key: str,
    mode: Mode,
    asked: str,
    progress: ablation.Progress | None = None,
) -> str:
    """Every branch of every block off; runs the network once."""
    found = ask(ablation.matrix, key, photo, mode, progress)
    return _matrix(found, key, _index(key, photo, asked), t)


def kept_matrix(t: Words, photo: Photo, key: str, mode: Mode, asked: str) -> str:
    """The same if it has been run before, else the words that stand in its place."""
    found = ask(ablation.kept_matrix, key, photo, mode)
    if found is None:
        return matrix_hint(t)
    return _matrix(found, key, _index(key, photo, asked), t)


def matrix_hint(t: Words) -> str:
    """What stands where the matrix will be."""
    return f'<p class="hint">{html.escape(t("inception.matrix_hint"))}</p>'


def depth(t: Words, photo: Photo, key: str, name: str) -> str:
    """All blocks, split among their branches by channels and by energy on the photo."""
    activities = ask(measured.across, key, photo)
    found = depth_of(anatomy(spec(key))).with_energy(activities)
    return _depth(found, opened(key, name), t)


def bare_depth(t: Words, key: str, name: str) -> str:
    """The same by channels alone."""
    return _depth(depth_of(anatomy(spec(key))), opened(key, name), t)


def roles(t: Words, photo: Photo, key: str, name: str) -> str:
    """What the block's reductions save, bend and mix."""
    found = roles_of(_block(key, name))
    work = {
        one.branch: ask(measured.work, key, photo, opened(key, name), one, REDUCED)
        for one in found.reductions
    }
    drawn = inception_reduction.roles(found, work, t)
    return staged(f'<div class="inception">{drawn}</div>', html.escape(_roles_say(found, t)))


def bare_roles(t: Words, key: str, name: str) -> str:
    """What they save, which needs no photo and no weights."""
    found = roles_of(_block(key, name))
    drawn = inception_reduction.roles(found, {}, t)
    return staged(f'<div class="inception">{drawn}</div>', html.escape(_roles_say(found, t)))


def opened(key: str, name: str) -> str:
    """The block of that name, the first where there is none."""
    names = spec(key).blocks
    return name if name in names else next(iter(names))


def _block(key: str, name: str) -> Block:
    return anatomy(spec(key)).blocks[opened(key, name)]


def _on(photo: Photo, drawn: str) -> str:
    """Drawn on the photo, which is sent once for all that lies on it."""
    shape = frame(photo_ratio(photo.pixels), photo_address(photo, side=360))
    return f'<div class="inception" style="{html.escape(shape, quote=True)}">{drawn}</div>'


def _story(t: Words) -> str:
    return (
        f'<details class="story"><summary>{html.escape(t("inception.story_title"))}'
        f"</summary><p>{html.escape(t('inception.story'))}</p></details>"
    )


def _channel(activity: BlockActivity, chosen: str) -> tuple[str, int]:
    """Branch and index of the channel that is enlarged."""
    name, _, number = chosen.partition(":")
    for branch in activity.branches:
        if branch.name == name and number.isdecimal() and int(number) < len(branch.strength):
            return name, int(number)
    leader = activity.leader
    return leader.name, measured.strongest(leader.strength, 1)[0]


def _branches_say(name: str, activity: BlockActivity, t: Words) -> str:
    leader, keenest = activity.leader, activity.keenest
    said = t(
        "inception.leader_say",
        block=name,
        branch=label(leader.name, t),
        energy=percent(leader.energy_share),
        channels=percent(leader.channel_share),
    )
    if keenest is leader:
        return said
    more = t(
        "inception.keenest_say",
        branch=label(keenest.name, t),
        energy=percent(keenest.energy_share),
        channels=percent(keenest.channel_share),
    )
    return t.sentences(said, more)


def _field_say(key: str, name: str, t: Words) -> str:
    found = sights(anatomy(spec(key)), opened(key, name))
    far, near = found.farthest, found.nearest
    return t(
        "inception.field_say",
        block=found.block.name,
        far=label(far.branch.name, t),
        far_size=kernel(far.whole.extent),
        near=label(near.branch.name, t),
        near_size=kernel(near.whole.extent),
        size=f"{found.size}×{found.size}",
    )


def _matrix(found: CutMatrix, key: str, index: int, t: Words) -> str:
    worst = found.worst(index)
    change = worst.logit_change(index)
    words = t(
        "inception.worst",
        block=worst.block,
        branch=label(worst.off[0], t),
        change=signed(change),
    )
    drawn = inception_worth.matrix(found, index, _class_names(key, t)(index), t)
    return f'<div class="inception">{drawn}<p>{html.escape(words) if change < 0 else ""}</p></div>'


def _depth(found: Depth, chosen: str, t: Words) -> str:
    first, last = found.blocks[0], found.blocks[-1]
    words = t(
        "inception.depth_large" if found.measured else "inception.depth_large_built",
        first=first.block,
        last=last.block,
        channels_first=percent(first.large[0]),
        channels_last=percent(last.large[0]),
        energy_first=percent(first.large[1]),
        energy_last=percent(last.large[1]),
    )
    return staged(inception_depth.depth(found, chosen, t), html.escape(words), "drawing")


def _roles_say(found: Roles, t: Words) -> str:
    most, after = found.most, found.projection
    said = t("inception.no_reduction")
    if most is not None:
        said = t(
            "inception.roles_say",
            branch=label(most.branch, t),
            without=whole(most.weights_without),
            through=whole(most.weights_with),
            ratio=most.ratio,
        )
    more = ""
    if after is not None:
        more = t(
            "inception.pool_projection", channels=after.channels, in_channels=after.in_channels
        )
    return t.sentences(said, more)


def _index(key: str, photo: Photo, asked: str) -> int:
    """Index of the class that is asked for; "" is the network's first choice."""
    labels = spec(key).labels
    return labels.index(asked) if asked in labels else ask(answer_of, key, photo).top


def _class_names(key: str, t: Words) -> Callable[[int], str]:
    """Index of a class -> what it is called in the reader's language."""
    one = spec(key)
    return lambda index: label_name(t, one.dataset, one.labels[index])
