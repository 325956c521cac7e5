"""What somebody wrote as an answer: a number in any of its usual forms, letters in any order."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from demo.topics.lesson.records import LETTERS

LONGEST = 200
"""Characters of an answer that is read as a number or as letters."""

_SCALES = {
    "k": 1e3,
    "m": 1e6,
    "g": 1e9,
    "b": 1e9,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "億": 1e8,
}
# "Roughly" before a number, in both languages; equal signs too.
_BEFORE = re.compile(
    r"^(?:約|およそ|だいたい|ほぼ|about|approximately|approx\.?|ca\.?|~|≈|≒|=|\+)+"
)
# Units after it, one or two words: a scale is read before them.
_UNITS = re.compile(
    r"^(?:channels?|ch|weights?|parameters?|params?|links?|layers?|mb|megabytes?|pixels?|px|times|x"
    r"|チャンネル|ch|個の重み|個|パラメータ|重み|本|層|画素|ピクセル|メガバイト|倍|つ|枚|程度|くらい|ほど|です)*[.。]?$"
)
_PLAIN = re.compile(r"^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?")
_IN_MYRIADS = re.compile(r"^(?:(\d+)億)?(?:(\d+)万)?(\d{1,4})?(?!\d)")
_FRACTION = re.compile(r"^(\d{1,9})/(\d{1,9})(.*)$")
_PARTS = re.compile(r"^(\d{1,9})分の(\d{1,9})(.*)$")


@dataclass(frozen=True)
class Written:
    """A number as it was written; percent: whether a percent sign stood behind it."""

    value: float
    percent: bool = False


def number(answer: str) -> Written | None:
    """The number that it is, None where it is none.

    Reads 25028904, "25,028,904", "25.0M", "2.5e7", full-width digits, "2502万8904", "約16万個",
    "1/3", "3分の1", "31.2 %", and a unit after any of them.
    """
    if len(answer) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", answer).strip().lower()
    plain = _BEFORE.sub("", re.sub(r"[\s_'’]+", "", plain)).replace("−", "-").replace("×10^", "e")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    # A comma that parts no thousands is a decimal point in half of Europe.
    plain = re.sub(r"^(-?\d+),(\d{1,2}|\d{4,})(?![\d,])", r"\1.\2", plain)
    found = _fraction(plain) or _in_myriads(plain) or _scaled(plain)
    return found if found is not None and math.isfinite(found.value) else None


def _scaled(plain: str) -> Written | None:
    match = _PLAIN.match(plain)
    if match is None:
        return None
    value, rest = float(match[0]), plain[match.end() :]
    for name in sorted(_SCALES, key=len, reverse=True):
        if rest.startswith(name) and _UNITS.match(rest[len(name) :]) and not _UNITS.match(rest):
            return Written(value * _SCALES[name])
    return _with_unit(value, rest)


def _in_myriads(plain: str) -> Written | None:
    """2502万8904 and 1億2000万; a decimal before 万 is a scale."""
    match = _IN_MYRIADS.match(plain)
    if match is None or (match[1] is None and match[2] is None):
        return None
    parts = [int(part or 0) for part in match.groups()]
    return _with_unit(parts[0] * 1e8 + parts[1] * 1e4 + parts[2], plain[match.end() :])


def _fraction(plain: str) -> Written | None:
    for pattern, above, below in ((_FRACTION, 1, 2), (_PARTS, 2, 1)):
        match = pattern.match(plain)
        if match is not None and int(match[below]):
            return _with_unit(int(match[above]) / int(match[below]), match[3])
    return None


def _with_unit(value: float, rest: str) -> Written | None:
    percent = bool(re.match(r"%|percent|パーセント", rest))
    rest = re.sub(r"^(?:%|percent|パーセント)", "", rest)
    return Written(value, percent) if _UNITS.match(rest) else None


def letters(answer: str, count: int) -> tuple[int, ...] | None:
    """Places that letters or numbers name, from 0: "b, a" and "2 1" are (1, 0).

    None where something else is written, or what is not among the first `count`.
    """
    plain = unicodedata.normalize("NFKC", answer[: LONGEST + 1]).lower()
    names = re.sub(r"[\s,;、。.>→=:()「」-]+", " ", plain).split()
    if not re.fullmatch(r"[a-z]+", "".join(names)):
        signs = names
    else:
        signs = [sign for name in names for sign in name]
    places = [_place(sign) for sign in signs]
    if len(answer) > LONGEST or not places or any(p is None or p >= count for p in places):
        return None
    return tuple(place for place in places if place is not None)


def pairs(answer: str, lefts: int, rights: int) -> tuple[int, ...] | None:
    """The right place of each left one: "1a 2c 3b", or "a, c, b" in the order of the left ones."""
    plain = unicodedata.normalize("NFKC", answer[: LONGEST + 1]).lower()
    named = re.findall(r"(\d)\s*[-→=:]?\s*([a-z])", plain)
    rest = re.sub(r"(\d)\s*[-→=:]?\s*([a-z])|[\s,;、。]", "", plain)
    if named and not rest:
        chosen = {int(left) - 1: _place(right) for left, right in named}
        places = [chosen.get(left) for left in range(lefts)]
        fit = len(named) == lefts and all(p is not None and p < rights for p in places)
        return tuple(place for place in places if place is not None) if fit else None
    listed = letters(answer, rights)
    return listed if listed is not None and len(listed) == lefts else None


def _place(sign: str) -> int | None:
    if sign in tuple(LETTERS):
        return LETTERS.index(sign)
    return int(sign) - 1 if re.fullmatch(r"[1-9]", sign) else None
