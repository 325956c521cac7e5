"""One photo by several networks, as a stream of HTML: it grows as each network finishes."""

from __future__ import annotations

import html
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from demo.drawing.heat import photo_address, photo_ratio
from demo.drawing.refusal import refusal
from demo.drawing.stage import staged
from demo.drawing.style import counted, listed, short
from demo.engine.ask import ask
from demo.engine.known import JUDGE, known
from demo.labels import label_name
from demo.lane import Turn
from demo.page import own
from demo.page.wiring import told
from demo.records import Photo, Problem
from demo.records.known import Known
from demo.text import Words
from demo.topics.compare.agreement import agreement, outside
from demo.topics.compare.figures import (
    card_details,
    cards,
    known as known_figure,
    sentence as compare_sentence,
)
from demo.topics.compare.records import Card
from demo.topics.compare.scenes.asking import card_of, turn
from demo.zoo import weights
from demo.zoo.bundled import CIFAR10_LABELS
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec


@dataclass(frozen=True)
class Asked:
    """What the reader chose: models in order, class ("" is each model's own), bars, depth.

    own: whether the network that the page has trained itself answers as well.
    """

    models: tuple[str, ...]
    label: str
    k: int
    depth: str
    own: bool = False

    @property
    def specs(self) -> list[ModelSpec]:
        """The chosen networks in the order chosen; at last the page's own, where it has one."""
        mine = own.shown() if self.own else None
        return [*map(spec, self.models), *([mine.spec] if mine else [])]


def asked(
    small: list[str], large: list[str], label: str, k: float, depth: str, mine: bool = False
) -> Asked:
    """The controls' values as one record."""
    return Asked((*small, *large), label or "", int(k), depth, mine)


def one_photo(t: Words, photo: Photo, *choice: Any) -> Iterator[str | Turn]:
    """The cards, what they come to, and what stands behind them; each network as it is done.

    Args:
        choice: as `asked` takes it.
    """
    chosen = asked(*choice)
    specs = chosen.specs
    if not specs:
        yield none_chosen(t)
        return
    ratio, address = photo_ratio(photo.pixels), photo_address(photo)
    drawn = [_place(one, ratio, "card.waiting", t) for one in specs]
    behind = [card_details.waiting(one.key, one.title, one.family, chosen.k) for one in specs]
    answers: list[Card] = []
    verdict = Known(True)
    above = _line(specs, verdict, t)
    for done, one in enumerate(specs):
        counts = {"done": counted(done, t), "count": counted(len(specs), t)}
        words = html.escape(t("compare.answering", **counts))
        yield _page(cards.cards(drawn, ratio, address, above), words, behind)
        if not done:
            yield Turn.NETWORK
            verdict = judged(specs, photo)
            above = _line(specs, verdict, t)
        yield turn(one)
        drawn[done], answer = _answer(one, photo, chosen, t)
        behind[done] = ""
        if answer:
            behind[done] = card_details.detail(answer, t, chosen.label)
            answers.append(answer)
    shared = [some for some in _by_dataset(answers) if len(some) > 1]
    together = [agreement(some[0].dataset, [one.scores for one in some]) for some in shared]
    said = html.escape(t("compare.none_answered"))
    if answers:
        said = compare_sentence.one_photo(answers, together, t)
    panels = [
        card_details.together(groups, len(some), some[0].labels, t, 3)
        for groups, some in zip(together, shared, strict=True)
    ]
    below = _unsure(answers, verdict, t) + "".join(panels)
    picture = cards.cards(drawn, ratio, address, above)
    yield _page(picture, said, [one for one in behind if one], below)


def none_chosen(t: Words) -> str:
    """What stands there while no network is chosen."""
    words = html.escape(t("compare.no_models"))
    return staged(f'<div class="empty">{words}</div>', html.escape(t("compare.empty")), "laid")


def bare(t: Words, *choice: Any) -> str:
    """The networks without a photo: what each one is."""
    specs = asked(*choice).specs
    if not specs:
        return none_chosen(t)
    drawn = []
    for one in specs:
        size = t("card.size", parameters=short(one.parameters, t), macs=short(one.macs, t))
        drawn.append(cards.bare(one.key, one.title, one.family, size))
    return staged(cards.cards(drawn, 1.5), html.escape(t("compare.empty")), "laid")


def answers(photo: Photo, chosen: Asked) -> Generator[Turn, None, list[Card]]:
    """Every card that can be had now, in order; those with a problem are left out."""
    found = []
    for one in chosen.specs:
        yield turn(one)
        if weights.readiness(one) != "absent":
            try:
                found.append(card_of(one, photo, chosen.k, chosen.label, chosen.depth))
            except (Problem, gr.Error):
                # Its card on the page says why.
                continue
    return found


def judged(specs: Sequence[ModelSpec], photo: Photo) -> Known:
    """Whether the photo shows one of the ten things; asked where a small network answers."""
    if not _has_small(specs):
        return Known(True)
    try:
        return ask(known, JUDGE, photo)
    except Problem:
        # Its file is damaged: its own card says so where it is chosen, the others go on.
        return Known(True)


def _has_small(specs: Sequence[ModelSpec]) -> bool:
    return any(one.dataset == "cifar10" for one in specs)


def _line(specs: Sequence[ModelSpec], verdict: Known, t: Words) -> str:
    """What stands over the cards, where a small network answers."""
    large = [one.title for one in specs if one.dataset == "imagenet"]
    return known_figure.sentence(verdict, large, t) if _has_small(specs) else ""


def _page(picture: str, sentence: str, behind: Sequence[str], below: str = "") -> str:
    drawn = card_details.details(behind) if behind else ""
    return f'{staged(picture, sentence, "laid")}<div class="behind">{drawn}{below}</div>'


def _answer(one: ModelSpec, photo: Photo, chosen: Asked, t: Words) -> tuple[str, Card | None]:
    """The drawn card, and the record where the network could answer."""
    ratio = photo_ratio(photo.pixels)
    if weights.readiness(one) == "absent":
        reason = weights.REFUSED.get(one.key)
        if reason is None:
            return _place(one, ratio, "card.to_download", t), None
        return cards.refused(one.key, one.title, one.family, told(reason, t)), None
    try:
        answer = card_of(one, photo, chosen.k, chosen.label, chosen.depth)
    except Problem as problem:
        return cards.refused(one.key, one.title, one.family, told(problem, t)), None
    except gr.Error as error:
        # A shared GPU that cannot be had says why in words of its own.
        words = refusal(str(error.message), "", t)
        return cards.refused(one.key, one.title, one.family, words), None
    layer = one.layer(answer.layer)
    size = answer.heat.values.shape[0]
    depth_name = t("card.layer_name", layer=t(f"layer.{layer.name}"), size=size)
    dataset = "cifar10" if chosen.label in CIFAR10_LABELS else "imagenet"
    name = label_name(t, dataset, chosen.label) if chosen.label else ""
    return cards.card(answer, t, ratio, chosen.label, depth_name, name), answer


def _place(one: ModelSpec, ratio: float, happening: str, t: Words) -> str:
    return cards.waiting(one.key, one.title, one.family, t(happening), ratio)


def _by_dataset(answers: Sequence[Card]) -> list[list[Card]]:
    """The answers of networks that know the same things, the ten things first."""
    return [
        [one for one in answers if one.dataset == dataset] for dataset in ("cifar10", "imagenet")
    ]


def _unsure(answers: Sequence[Card], verdict: Known, t: Words) -> str:
    """How to read the numbers, and where they are of a photo that the networks do not know."""
    if not answers:
        return ""
    notes = []
    for some in _by_dataset(answers):
        if some and outside([one.scores for one in some]):
            dataset = some[0].dataset
            if dataset != "cifar10" or verdict.known:
                models = listed([one.title for one in some], t)
                notes.append(card_details.note(t(f"compare.outside_{dataset}", models=models)))
    return f'<p class="hint">{html.escape(t("compare.confidence"))}</p>{"".join(notes)}'
