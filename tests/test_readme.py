"""What the README says of files beside it."""

from __future__ import annotations

import re

import pytest

from tests.serving import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def required(name: str) -> set[str]:
    """Packages that a requirements file names itself."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {re.split(r"[<>=!;\s]", line)[0] for line in lines if line and line[0] not in "#-"}


def justified() -> dict[str, bool]:
    """Package of the README's table -> whether it is said to be there for tests alone."""
    table = README.split("| package | what we would write ourselves without it |")[1]
    found = {}
    for row in table.split("\n\n")[0].splitlines()[2:]:
        packages, reason = (cell.strip() for cell in row.strip("|").split("|"))
        assert reason
        for package in packages.removesuffix("(tests)").split(","):
            found[package.strip()] = packages.endswith("(tests)")
    return found


@pytest.mark.parametrize(
    ("name", "tests"), [("requirements.txt", False), ("requirements-dev.txt", True)]
)
def test_each_package_says_what_it_replaces(name: str, tests: bool) -> None:
    assert required(name) == {package for package, only in justified().items() if only is tests}
