"""What the README says of files beside it."""

from __future__ import annotations

import re

import pytest

from tests.serving import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def required(name: str) -> set[str]:
    """Packages that a requirements file names itself."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {re.split(r"[\[<>=!;\s]", line)[0] for line in lines if line and line[0] not in "#-"}


def justified() -> dict[str, str]:
    """Package of the README's table -> what it is there for alone: "tests", "cluster", or ""."""
    table = README.split("| package | what we would write ourselves without it |")[1]
    found = {}
    for row in table.split("\n\n")[0].splitlines()[2:]:
        packages, reason = (cell.strip() for cell in row.strip("|").split("|"))
        assert reason
        names, _, purpose = packages.removesuffix(")").partition("(")
        for package in names.split(","):
            found[package.strip()] = purpose
    return found


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("requirements.txt", ""),
        ("requirements-dev.txt", "tests"),
        ("requirements-cluster.txt", "cluster"),
    ],
)
def test_each_package_says_what_it_replaces(name: str, purpose: str) -> None:
    assert required(name) == {one for one, only in justified().items() if only == purpose}
