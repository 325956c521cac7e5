"""What a comparison shows, in words: who agrees, what the large network sees, how sure they are."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.style import counted, listed, percent
from demo.labels import label_name
from demo.records import Agreement
from demo.text import Words
from demo.topics.compare.records import Card, Several


def one_photo(answers: Sequence[Card], together: Sequence[Agreement], t: Words) -> str:
    """What the networks make of one photo, as HTML.

    Args:
        answers: of all networks that could answer, at least one.
        together: of each data set, in order, whose labels several of them share.
    """
    said = []
    grouped = {groups.dataset for groups in together}
    for groups in together:
        shared = [answer for answer in answers if answer.dataset == groups.dataset]
        titles = {answer.model: answer.title for answer in shared}
        said.append(agreed(groups, titles, shared[0].labels, t))
    for answer in answers:
        if answer.dataset not in grouped:
            label = label_name(t, answer.dataset, answer.first)
            share = percent(answer.share)
            said.append(t("compare.one_sees", model=answer.title, label=label, share=share))
    return html.escape(t.sentences(*said))


def agreed(groups: Agreement, titles: dict[str, str], labels: Sequence[str], t: Words) -> str:
    """Where networks with the same labels agree, and how sure they are together.

    Args:
        titles: of each model, by its key.
    """
    rows = [
        t(
            "compare.group",
            label=label_name(t, groups.dataset, labels[index]),
            models=listed([titles[key] for key in keys], t),
        )
        for index, keys in groups.groups
    ]
    count = sum(len(keys) for _, keys in groups.groups)
    label = label_name(t, groups.dataset, labels[groups.groups[0][0]])
    together = t("compare.group_join").join(rows)
    if len(groups.groups) == 1:
        key = "compare.both_agree" if count == 2 else "compare.all_agree"
        sentence = t(key, count=counted(count, t), label=label)
    elif len(groups.groups) == count:
        key = "compare.neither_agrees" if count == 2 else "compare.none_agree"
        sentence = t(key, groups=together)
    else:
        sentence = t("compare.some_agree", groups=together)
    best = label_name(t, groups.dataset, labels[groups.best])
    share = percent(float(groups.ensemble[groups.best]))
    return t.sentences(sentence, t("compare.mean_says", label=best, share=share))


def several_photos(seen: Several, t: Words) -> str:
    """Of how many photos the networks say the same, and who is surest of what, as HTML."""
    said = []
    if seen.agreed:
        agree, count = seen.agreed
        said.append(t("compare.photos_agree", agree=agree, count=count))
    for key, found in (("most", seen.surest), ("least", seen.least_sure)):
        if found:
            photo, answer = found
            label = label_name(t, answer.dataset, answer.first)
            share = percent(answer.share)
            said.append(
                t(f"compare.sure_{key}", model=answer.title, photo=photo, label=label, share=share)
            )
    return html.escape(t.sentences(*said))
