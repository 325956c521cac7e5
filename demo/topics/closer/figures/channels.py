"""The channels of a layer as a mosaic, one of them over the photo and over examples."""

from __future__ import annotations

import html
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.colormaps import paint
from demo.drawing.heat import data_uri, frame
from demo.drawing.style import percent, signed
from demo.text import Words
from demo.topics.closer.figures.maps import signed_overlay
from demo.topics.closer.figures.methods import Progress
from demo.topics.closer.records.channels import BY, By, Channels, Response, drivers

CHANNEL, SORT = "closer-channel", "closer-sort"
"""Names of what is picked: "MODEL:LAYER:CHANNEL", and what the mosaic is sorted by."""
COLUMNS = 6
_GAP = 1


def mosaic(
    found: Channels, maps: NDArray[np.float32], owner: str, chosen: int, by: By, t: Words
) -> str:
    """The first channels of an order, a button each.

    Args:
        maps: theirs, (n, h, w).
        owner: "MODEL:LAYER", which a picked channel's text begins with.
        chosen: the channel whose button is pressed, among them or not.
    """
    shown = found.first(by)
    buttons = "".join(
        f'<button type="button" data-pick="{owner}:{one}"'
        f' aria-pressed="{str(one == chosen).lower()}" {_named(found, one, t)}></button>'
        for one in shown
    )
    sheet = _sheet(maps)
    words = t("closer.channels_shown", shown=len(shown), count=found.count)
    height, width = found.size
    size = t("closer.channels_size", height=height, width=width)
    ratio = sheet.width / sheet.height
    return (
        f'<div class="channels">{_sorting(by, t)}'
        f'<div class="sheet" style="--shape:{ratio:.4f}" data-picks="{CHANNEL}" role="group"'
        f' aria-label="{html.escape(words, quote=True)}"><img src="{data_uri(sheet)}" alt="">'
        f'<div class="tiles" style="--columns:{COLUMNS}">{buttons}</div></div>'
        f"<small>{html.escape(t.sentences(words, size))}</small></div>"
    )


def enlarged(
    found: Channels, own: Response, scale: float, chosen: int, ratio: float, t: Words
) -> str:
    """The chosen channel over the photo, which an element around gives (`heat.photo_once`)."""
    name = t("closer.channel", channel=chosen)
    facts = t(
        "closer.channel_facts",
        weight=weight_of(found, chosen),
        strength=_plain(own.strength),
    )
    drawn = signed_overlay(_scaled(own, scale), own.seen, name, ratio)
    return (
        f'<figure class="one-channel" data-channel="{chosen}"><figcaption>'
        f"<b>{html.escape(name)}</b></figcaption>{drawn}"
        f"<small>{html.escape(facts)}</small></figure>"
    )


def examples(
    found: list[Response] | Progress, scale: float, photos: dict[str, tuple[str, float]], t: Words
) -> str:
    """The example photos that drive the channel most, or how many have been asked.

    Args:
        photos: of each example, its address and its width / height.
    """
    if isinstance(found, Progress):
        words = html.escape(t("closer.channel_asking", done=found.done, total=found.total))
        bar = f'<progress max="{found.total}" value="{found.done}"></progress>'
        return f'<div class="driven under-way"><p>{words}</p>{bar}</div>'
    head = t("closer.channel_driven", shown=len(drivers(found)), count=len(found))
    tiles = "".join(_driver(one, scale, *photos[one.name], t) for one in drivers(found))
    return f'<div class="driven"><p>{html.escape(head)}</p><div class="drivers">{tiles}</div></div>'


def scale_of(responses: list[Response]) -> float:
    """The |value| that has the fullest colour on all photos of one channel."""
    return max((one.largest for one in responses), default=0.0)


def sentence(
    found: Channels, own: Response, driven: list[Response], chosen: int, name: str, by: By, t: Words
) -> str:
    """Where the channel stands, what drives it most, and whether the heavy are the strong.

    Args:
        name: the class as readers call it.
    """
    most = drivers(driven)[0]
    return t.sentences(
        t(
            f"closer.channel_say.{by}",
            channel=chosen,
            place=found.place(chosen, by),
            count=found.count,
            name=name,
            weight=weight_of(found, chosen),
            strength=_plain(own.strength),
        ),
        t(
            "closer.channel_most",
            example=t(f"example.{most.name}"),
            strength=_plain(most.strength),
            own=_plain(own.strength),
        ),
        t(
            "closer.channel_both",
            both=found.both,
            shown=len(found.first(by)),
            share=percent(found.share("weight")),
        ),
    )


def weight_of(found: Channels, channel: int) -> str:
    """A channel's weight to two digits, however small: 0.000123 -> "+0.00012"."""
    value = float(found.weight[channel])
    return signed(value, digits_of(value))


def digits_of(value: float) -> int:
    """Decimals that show two digits of a number: 2 for 1.5 and 0.5, 3 for 0.05; 8 at most."""
    size = abs(value)
    return min(max(2, 1 - math.floor(math.log10(size))), 8) if size > 0 else 2


def _sorting(by: By, t: Words) -> str:
    buttons = "".join(
        f'<button type="button" data-pick="{one}" aria-pressed="{str(one == by).lower()}">'
        f"{html.escape(t(f'closer.channel_by.{one}'))}</button>"
        for one in BY
    )
    label = html.escape(t("closer.channel_sorted"))
    return (
        f'<div class="sorting" data-picks="{SORT}" role="group" aria-label="{label}">'
        f"<span>{label}</span>{buttons}</div>"
    )


def _named(found: Channels, channel: int, t: Words) -> str:
    facts = t(
        "closer.channel_facts",
        weight=weight_of(found, channel),
        strength=_plain(float(found.strength[channel])),
    )
    words = t("closer.channel_tile", channel=t("closer.channel", channel=channel), facts=facts)
    escaped = html.escape(words, quote=True)
    return f'title="{escaped}" aria-label="{escaped}"'


def _driver(one: Response, scale: float, address: str, ratio: float, t: Words) -> str:
    name, strength = (
        t(f"example.{one.name}"),
        t("closer.channel_there", strength=_plain(one.strength)),
    )
    drawn = signed_overlay(_scaled(one, scale), one.seen, name, ratio)
    return (
        f'<figure data-example="{one.name}" style="{frame(ratio, address)}">{drawn}'
        f"<small>{html.escape(name)}<em>{html.escape(strength)}</em></small></figure>"
    )


def _scaled(one: Response, scale: float) -> NDArray[np.float32]:
    return one.values / scale if scale > 0 else one.values


def _plain(value: float) -> str:
    return f"{value:.{digits_of(value)}f}"


def _sheet(maps: NDArray[np.float32]) -> Image.Image:
    """The maps in equal cells, row by row, each at its own scale; nothing where it is 0."""
    count, height, width = maps.shape
    rows = math.ceil(count / COLUMNS)
    values = np.zeros((rows * (height + _GAP), COLUMNS * (width + _GAP)), np.float32)
    largest = np.abs(maps).max(axis=(1, 2), keepdims=True)
    for at, one in enumerate(maps / np.where(largest > 0, largest, 1)):
        top, left = at // COLUMNS * (height + _GAP), at % COLUMNS * (width + _GAP)
        values[top : top + height, left : left + width] = one
    opacity = np.rint(np.minimum(1.2 * np.abs(values), 1) * 255).astype(np.uint8)
    return Image.fromarray(np.dstack([paint((values + 1) / 2, "signed"), opacity]))
