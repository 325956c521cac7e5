"""Code beside its picture: what is called, Run, the source, the diagram; and the numbers' form."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from demo.drawing.style import family_var, whole
from demo.text import Words
from demo.topics.lesson.figures.block import diagram
from demo.topics.lesson.figures.listing import listing, printed
from demo.topics.lesson.records.code import Block, Field, Walk


def picture(walk: Walk, t: Words) -> str:
    """Both sides, below what Run runs and what it gave."""
    shape = ", ".join(map(str, (1, *walk.shape_in)))
    call = f"{walk.call}(torch.randn({shape}))"
    gave = f" <output>→ {printed(walk.shape_out)}</output>" if walk.real else ""
    return (
        f'<div class="coded" style="--family:{family_var(walk.block.family)}"'
        f' data-block="{walk.block.name}" data-ran="{int(walk.real)}"'
        f' data-channels="{walk.shape_out[0]}" data-side="{walk.shape_out[1]}"'
        f' data-parameters="{walk.parameters}" data-macs="{walk.macs}">'
        f'<header><button type="button" data-run>▶ {html.escape(t("code.run"))}</button>'
        f"<code>{html.escape(call)}</code>{gave}</header>"
        f'<div class="code-sides">{listing(walk, t)}'
        f'<div class="code-drawn">{diagram(walk, t)}</div></div></div>'
    )


Labels = Callable[[Field], str]


def form(block: Block, given: Sequence[str], t: Words, labels: Labels, live: str = "") -> str:
    """The block's numbers as fields, two of them in sight.

    given: what somebody wrote, which may be impossible; the page's script reads the fields.
    labels: HTML of a field's name. live: under which name each change is told at once; "" where a
    button runs them.
    """
    values = [*given, *map(str, block.start[len(given) :])]
    fields = list(zip(block.fields, values, strict=False))
    seen = "".join(
        _field(field, value, place, labels)
        for place, (field, value) in enumerate(fields)
        if field.seen
    )
    folded = "".join(
        _field(field, value, place, labels)
        for place, (field, value) in enumerate(fields)
        if not field.seen
    )
    summary = t("code.more", count=sum(not field.seen for field in block.fields))
    return (
        f'<div class="code-numbers" data-block="{block.name}" data-live="{live}"'
        f' data-given="{html.escape(",".join(values), quote=True)}">{seen}'
        f"<details><summary>{html.escape(summary)}</summary><div>{folded}</div></details></div>"
    )


def argument(field: Field, t: Words) -> str:
    """A field's name as the source has it; of the input's side in the reader's language."""
    if field.name == "side":
        return html.escape(t("code.side"))
    return f"<code>{html.escape(field.name)}</code>"


def _field(field: Field, value: str, place: int, labels: Labels) -> str:
    return (
        f"<label><span>{labels(field)}</span>"
        f'<input type="text" inputmode="numeric" autocomplete="off"'
        f' maxlength="12" data-number="{place}" name="{field.name}"'
        f' value="{html.escape(value, quote=True)}"></label>'
    )


def sentence(walk: Walk, whole_network: int, t: Words) -> str:
    """What Run will do; or shapes in and out, why, and what the whole network counts.

    whole_network: parameters of the network that is made of such blocks.
    """
    name = walk.block.name
    if not walk.real:
        shape = printed(walk.shape_in)
        return _marked(t("code.ready", name=name, count=len(walk.parts), shape=shape), name)
    said = t(
        "code.ran",
        name=name,
        into=printed(walk.shape_in),
        out=printed(walk.shape_out),
        parameters=whole(walk.parameters),
        macs=whole(walk.macs),
    )
    return _marked(t.sentences(said, _why(walk, t), _network(walk, whole_network, t)), name)


def _marked(words: str, name: str) -> str:
    """The words as HTML, in which a name of the source is code."""
    return html.escape(words).replace(name, f"<code>{name}</code>")


def _why(walk: Walk, t: Words) -> str:
    """Where the channels come from, with the numbers of this pass."""
    key, values = _reason(walk)
    kept = t("code.kept", count=walk.shape_in[0]) if walk.kept and key.startswith("Dense") else ""
    return t.sentences(t(f"code.why.{key}", **values), kept)


def _reason(walk: Walk) -> tuple[str, dict[str, object]]:
    """Which reason it is, and its numbers."""
    name, out, into = walk.block.name, walk.shape_out[0], walk.shape_in[0]
    if name == "DenseLayer":
        return name, {"c": into, "k": walk.number("growth_rate"), "out": out}
    if name == "DenseBlock":
        layers, k = walk.number("num_layers"), walk.number("growth_rate")
        return name, {"c": into, "layers": layers, "k": k, "out": out}
    if name == "TransitionLayer":
        before, after = walk.shape_in[1], walk.shape_out[1]
        return name, {"theta": f"{out / into:.3g}", "before": before, "after": after}
    if name == "InceptionModule":
        terms = (walk.number(one) for one in ("ch1x1", "ch3x3", "ch5x5", "pool_proj"))
        return name, {"terms": " + ".join(map(str, terms)), "out": out}
    if name == "ResidualBlock":
        past = any(part.name.startswith("shortcut.") for part in walk.parts)
        return ("projected" if past else "identity"), {}
    c, d = walk.number("cardinality"), walk.number("path_width")
    grouped, full = whole(9 * c * d * d), whole(9 * (c * d) ** 2)
    return name, {"c": c, "d": d, "width": c * d, "grouped": grouped, "full": full}


def _network(walk: Walk, parameters: int, t: Words) -> str:
    return t(f"code.network.{walk.block.name}", parameters=whole(parameters))
