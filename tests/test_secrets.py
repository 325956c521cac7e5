"""No key, token or password lies in the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import run
from tests.serving import ROOT

FORMS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "token of the hub": r"\bhf_[A-Za-z0-9]{30,}",
    "token of a code host": r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,}|glpat-[\w-]{20})",
    "key of a cloud": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}",
    "token of a package index": r"\bpypi-[A-Za-z0-9_-]{50,}|\bnpm_[A-Za-z0-9]{36}",
    "token of a service": r"\bsk-[A-Za-z0-9_-]{24,}|\bxox[abprs]-[\w-]{10,}",
    "name and password in an address": r"://[^\s/:@{}\"']+:[^\s/@{}\"']+@",
    "password": r"(?i)\b(password|passwd|secret|api_?key)\s*[:=]\s*[\"'][^\"'\s{}]{8,}[\"']",
}
NAMES = (".env", "id_rsa", "id_ed25519", ".netrc", ".pypirc", "credentials.json")
"""Files that hold little else."""


def files() -> Iterator[Path]:
    """Ours: neither what the set-up made nor what belongs to git."""
    for path in ROOT.iterdir():
        if path.name in run.MADE or (path.is_dir() and path.name[0] == "." and path.name != ".ci"):
            continue
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (one for one in found if one.is_file() and "__pycache__" not in one.parts)


def test_no_file_holds_one() -> None:
    seen, told = 0, []
    for path in files():
        seen += 1
        content = path.read_bytes().decode("latin-1")
        named = [name for name, form in FORMS.items() if re.search(form, content)]
        told += [(str(path.relative_to(ROOT)), name) for name in named]
        assert path.name not in NAMES
    assert told == []
    assert seen > 500


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("private key", "-----BEGIN RSA PRIV" + "ATE KEY-----"),
        ("token of the hub", "hf_" + "aB3" * 11),
        ("token of a code host", "ghp_" + "a1B2" * 9),
        ("key of a cloud", "AKIA" + "A1B2" * 4),
        ("token of a package index", "pypi-" + "aB3_" * 20),
        ("token of a service", "sk-" + "aB3d" * 8),
        ("name and password in an address", "https://teacher:" + "word@example.org"),
        ("password", "PASS" + "WORD = 'correct-horse'"),
    ],
)
def test_each_form_is_known(name: str, written: str) -> None:
    assert re.search(FORMS[name], written)
