"""What a zip says of its list of entries, looked at before `zipfile` reads that list whole."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How a file may be packed: `zipfile` unpacks the others without a bound."""

_END, _WIDE = b"PK\5\6", b"PK\6\7"


def is_short(path: Path, entries: int, size: int) -> bool:
    """Whether the list has at most so many entries and bytes.

    It is looked for as `zipfile` does: at the very end, or before the archive's comment.

    Raises:
        BadZipFile: if it says nothing of a list.
    """
    with path.open("rb") as file:
        whole = file.seek(0, 2)
        file.seek(max(0, whole - 2**16 - 22 - 20))
        end = file.read()
    at = len(end) - 22 if end[-22:-18] == _END and end[-2:] == b"\0\0" else end.rfind(_END)
    if at < 0 or len(end) - at < 22:
        raise zipfile.BadZipFile
    count, length = struct.unpack_from("<HL", end, at + 10)
    # An archive with 64-bit numbers says there what the short ones leave out.
    wide = end[max(at - 20, 0) : at].startswith(_WIDE)
    return not wide and count <= entries and length <= size
