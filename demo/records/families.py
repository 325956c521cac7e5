"""The families of networks: one row is all that colours, signs and symbols are made of."""

from __future__ import annotations

from dataclasses import dataclass

from demo.records import Family


@dataclass(frozen=True)
class FamilyRow:
    """How a family is told apart, wherever it is shown.

    sign: one character, the second sign beside the colour. light, dark: "#RRGGBB", its colour as
    text on the light and on the dark page. plot: between the two, for charts, which cannot read the
    page's colours. symbol: one of Plotly's marker symbols. explained: whether it stands for an idea
    that the page explains.
    """

    sign: str
    light: str
    dark: str
    plot: str
    symbol: str
    explained: bool = True


FAMILIES: dict[Family, FamilyRow] = {
    "resnet": FamilyRow("+", "#0072B2", "#56A8DC", "#2B8CC9", "cross"),
    "densenet": FamilyRow("▤", "#00795A", "#2CC295", "#14A07A", "square"),
    "inception": FamilyRow("Ψ", "#B35C00", "#F0A340", "#D07E1C", "triangle-up"),
    "resnext": FamilyRow("∥", "#8E3B8C", "#D48BD2", "#B262B0", "diamond"),
    "other": FamilyRow("•", "#5B6470", "#A5AEBA", "#7F8894", "circle", explained=False),
}
"""Family -> its row, in the order in which families are listed.

Its words are "family.name.KEY", "family.says.KEY" and "family.idea.KEY".
"""

EXPLAINED = tuple(family for family, row in FAMILIES.items() if row.explained)
