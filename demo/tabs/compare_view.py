"""What the Compare tab shows, as a stream of HTML: it grows as each network finishes."""

from __future__ import annotations

import html
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import gradio as gr

from demo.explain.agreement import agreement, outside
from demo.explain.known import JUDGE, known
from demo.figures import cards, grid
from demo.figures import known as known_figure
from demo.figures.heat import photo_ratio, photo_uri
from demo.figures.refusal import refusal
from demo.labels import label_name
from demo.lane import Turn
from demo.records import Photo, Problem
from demo.records.compare import Card
from demo.records.known import Known
from demo.tabs import photos
from demo.tabs.full_size import card_of, turn
from demo.tabs.wiring import sentence, told
from demo.text import Words
from demo.zoo import weights
from demo.zoo.bundled import CIFAR10_LABELS
from demo.zoo.catalogue import spec
from demo.zoo.loading import load
from demo.zoo.spec import ModelSpec


@dataclass(frozen=True)
class Asked:
    """What the reader chose: models in order, class ("" is each model's own), bars, depth."""

    models: tuple[str, ...]
    label: str
    k: int
    depth: str


def asked(small: list[str], large: list[str], label: str, k: float, depth: str) -> Asked:
    """The controls' values as one record."""
    return Asked((*small, *large), label or "", int(k), depth)


@dataclass(frozen=True)
class View:
    """The comparison of some photos by some networks in one language."""

    t: Words
    photo: Photo
    refs: Sequence[photos.Ref]
    asked: Asked

    @property
    def grid_key(self) -> str:
        """What the grid depends on, to draw it once for all of its rows."""
        return repr((self.asked, [ref["path"] or ref["example"] for ref in self.refs]))

    @cached_property
    def specs(self) -> list[ModelSpec]:
        """The chosen networks in the order chosen."""
        return [spec(key) for key in self.asked.models]

    def answers(self) -> Generator[Turn, None, list[Card]]:
        """Every card that can be had now, in order; those with a problem are left out."""
        found = []
        for one in self.specs:
            yield turn(one)
            found.append(self._answer(one)[1])
        return [one for one in found if one is not None]

    def cards(self) -> Iterator[str | Turn]:
        """The cards and what they say together; first empty places, then each as it is done."""
        if not self.specs:
            yield f'<div class="empty">{html.escape(self.t("compare.no_models"))}</div>'
            return
        done: list[str] = []
        answers: list[Card] = []
        above = self._line(Known(True))
        for one in self.specs:
            yield above + self._page([*done, *self._places(self.specs[len(done) :])], "")
            if not done:
                yield Turn.NETWORK
                above = self._line(self._known)
            yield turn(one)
            drawn, answer = self._answer(one)
            done.append(drawn)
            if isinstance(answer, Card):
                answers.append(answer)
        hint = f'<p class="hint">{html.escape(self.t("compare.confidence"))}</p>' if answers else ""
        yield above + self._page(done, hint + self._together(answers))

    def grid(self) -> Iterator[str | Turn]:
        """The grid of all photos; rows fill from the top, and others get in between two cells."""
        titles = [(one.title, one.family) for one in self.specs]
        names: list[tuple[str, str, float]] = []
        cells: list[list[grid.Cell]] = []
        verdicts: list[Known] = []
        for ref in self.refs:
            yield Turn.PHOTO
            try:
                photo = photos.load(ref)
            except Problem as problem:
                names.append((ref["name"], "", 1.0))
                cells.append([sentence(problem, self.t)])
                verdicts.append(Known(True))
            else:
                assert photo is not None
                names.append(
                    (ref["name"], photo_uri(photo.pixels, side=240), photo_ratio(photo.pixels))
                )
                yield Turn.NETWORK
                verdicts.append(self._judged(photo))
                row: list[grid.Cell] = []
                for one in self.specs:
                    yield turn(one)
                    row.append(self._cell(one, photo))
                cells.append(row)
            yield Turn.OUTSIDE
            yield grid.grid(names, titles, cells, self.t, verdicts)

    @property
    def _has_small(self) -> bool:
        return any(one.dataset == "cifar10" for one in self.specs)

    def _line(self, verdict: Known) -> str:
        """What stands over the cards, where a small network answers."""
        large = [one.title for one in self.specs if one.dataset == "imagenet"]
        return known_figure.sentence(verdict, large, self.t) if self._has_small else ""

    @cached_property
    def _known(self) -> Known:
        return self._judged(self.photo)

    def _judged(self, photo: Photo) -> Known:
        """Whether the photo shows one of the ten things; asked where a small network answers."""
        if not self._has_small:
            return Known(True)
        try:
            return known(load(JUDGE), photo)
        except Problem:
            # Its file is damaged: its own card says so where it is chosen, the others go on.
            return Known(True)

    def _cell(self, one: ModelSpec, photo: Photo) -> grid.Cell:
        if weights.readiness(one) == "absent":
            return self.t("ready.absent")
        try:
            return card_of(one, photo, 1, self.asked.label, self.asked.depth)
        except Problem as problem:
            return sentence(problem, self.t)
        except gr.Error as error:
            return str(error.message)

    def _answer(self, one: ModelSpec) -> tuple[str, Card | None]:
        """The drawn card, and the record where the network could answer."""
        if weights.readiness(one) == "absent":
            return self._absent(one), None
        try:
            answer = card_of(one, self.photo, self.asked.k, self.asked.label, self.asked.depth)
        except Problem as problem:
            return cards.refused(one.key, one.title, one.family, told(problem, self.t)), None
        except gr.Error as error:
            # A shared GPU that cannot be had says why in words of its own.
            words = refusal(str(error.message), "", self.t)
            return cards.refused(one.key, one.title, one.family, words), None
        layer = one.layer(answer.layer)
        depth_name = self.t(
            "card.layer_name",
            layer=self.t(f"layer.{layer.name}"),
            size=answer.heat.values.shape[0],
        )
        asked = self.asked.label
        dataset = "cifar10" if asked in CIFAR10_LABELS else "imagenet"
        name = label_name(self.t, dataset, asked) if asked else ""
        drawn = cards.card(answer, self.t, photo_ratio(self.photo.pixels), asked, depth_name, name)
        return drawn, answer

    def _absent(self, one: ModelSpec) -> str:
        reason = weights.REFUSED.get(one.key)
        if reason is None:
            return self._place(one, "card.to_download")
        return cards.refused(one.key, one.title, one.family, told(reason, self.t))

    def _places(self, waiting: Sequence[ModelSpec]) -> list[str]:
        return [self._place(one, "card.waiting") for one in waiting]

    def _place(self, one: ModelSpec, happening: str) -> str:
        ratio = photo_ratio(self.photo.pixels)
        words = self.t(happening)
        return cards.waiting(one.key, one.title, one.family, words, ratio, self.asked.k)

    def _page(self, drawn: Sequence[str], below: str) -> str:
        return cards.cards(drawn, photo_ratio(self.photo.pixels), below, self._photo_uri)

    @cached_property
    def _photo_uri(self) -> str:
        return photo_uri(self.photo.pixels)

    def _together(self, answers: Sequence[Card]) -> str:
        parts = []
        for dataset in ("cifar10", "imagenet"):
            some = [one for one in answers if one.dataset == dataset]
            if not some:
                continue
            scores = [one.scores for one in some]
            if outside(scores) and (dataset != "cifar10" or self._known.known):
                parts.append(cards.note(self.t(f"compare.outside_{dataset}")))
            if len(some) > 1:
                titles = {one.model: one.title for one in some}
                groups = agreement(dataset, scores)
                parts.append(cards.together(groups, titles, some[0].labels, self.t, 3))
        return "".join(parts)
