"""A file is what its first bytes say, whatever its name says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from demo.photo.kinds import kind_of
from demo.records import Problem
from demo.text import text
from tests.photo_files import HEIC, encoded, given, plain

RUST = (200, 100, 50)


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


def media(brand: bytes, *compatible: bytes) -> bytes:
    """The first box of an ISO media file."""
    body = brand + bytes(4) + b"".join(compatible)
    return (len(body) + 8).to_bytes(4, "big") + b"ftyp" + body + b"\0\0\0\x08free"


READ: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(plain("RGB", RUST), "JPEG", quality=95),
    "PNG": lambda: encoded(plain("RGB", RUST), "PNG"),
    "WEBP": lambda: encoded(plain("RGB", RUST), "WEBP", lossless=True),
    "AVIF": lambda: encoded(plain("RGB", RUST), "AVIF", quality=95),
    "HEIF": lambda: HEIC,
    "GIF": lambda: encoded(plain("RGB", RUST), "GIF"),
    "BMP": lambda: encoded(plain("RGB", RUST), "BMP"),
    "TIFF": lambda: encoded(plain("RGB", RUST), "TIFF"),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "JPEG 2000": (encoded(plain("RGB", RUST), "JPEG2000"), "jpeg2000"),
    "JPEG 2000, bare": (b"\xff\x4f\xff\x51\0\x2f", "jpeg2000"),
    "JPEG XL": (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    "JPEG XL, bare": (b"\xff\x0a\xfa\x1f", "jxl"),
    "Photoshop": (b"8BPS\0\1" + bytes(20), "psd"),
    "GIMP": (b"gimp xcf v011\0", "drawing"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "drawing"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf"),
    "PDF that begins late": (b"\xef\xbb\xbf\n%PDF-1.4\n", "pdf"),
    "DjVu": (b"AT&TFORM\0\0\0\x10DJVU", "pdf"),
    "icon": (encoded(plain("RGBA", RUST, 16), "ICO"), "icon"),
    "icon of a Mac": (b"icns\0\0\1\0", "icon"),
    "DICOM": (bytes(128) + b"DICM\2\0\0\0UL", "medical"),
    "FITS": (b"SIMPLE  =                    T", "medical"),
    "OpenEXR": (b"\x76\x2f\x31\x01\2\0\0\0", "exotic"),
    "PPM": (b"P6\n8 8\n255\n" + bytes(192), "exotic"),
    "QOI": (b"qoif\0\0\0\x08", "exotic"),
    "Canon raw": (b"II*\0\x10\0\0\0CR\2\0", "raw"),
    "Canon raw, new": (media(b"crx ", b"isom"), "raw"),
    "Fuji raw": (b"FUJIFILMCCD-RAW 0201", "raw"),
    "MP4": (media(b"mp42", b"isom"), "video"),
    "QuickTime": (media(b"qt  "), "video"),
    "WebM": (b"\x1aE\xdf\xa3\x9fB\x86", "video"),
    "AVI": (b"RIFF\0\0\0\0AVI LIST", "video"),
    "MP3": (b"ID3\4\0\0", "audio"),
    "WAV": (b"RIFF\0\0\0\0WAVEfmt ", "audio"),
    "ZIP": (archive("photo.jpg"), "archive"),
    "gzip": (b"\x1f\x8b\x08\0", "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", "archive"),
    "Word": (archive("[Content_Types].xml", "word/document.xml"), "office"),
    "old PowerPoint": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20), "office"),
    "SVG": (b"<?xml version='1.0'?>\n<!-- x --><svg xmlns=''/>", "svg"),
    "SVG in 16 bits": ("\ufeff<svg/>".encode("utf-16-le"), "svg"),
    "web page": (b"\n<!DOCTYPE html><title>x</title>", "html"),
    "XML": (b"<?xml version='1.0'?><kml/>", "html"),
    "text": (b"This is not a photo.\n", "text"),
    "Japanese text": ("写真ではありません。".encode(), "text"),
    "HEIF of another coding": (media(b"mif1", b"vvic"), "heif"),
    "HEIC that is cut": (HEIC[:200], "heif"),
    "lossless JPEG": (b"\xff\xd8\xff\xc3\0\x0b\x08\0\x08\0\x08\1\1\x11\0\xff\xd9", "jpeg"),
    "JPEG of 12 bits": (b"\xff\xd8\xff\xc1\0\x0b\x0c\0\x08\0\x08\1\1\x11\0\xff\xd9", "jpeg"),
    "JPEG-LS": (b"\xff\xd8\xff\xf7\0\x0b\x08\0\x08\0\x08\1\1\x11\0\xff\xd9", "jpeg"),
}


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("name", ["photo", "photo.jpg", "photo.tif", "photo.txt", "写真.PNG"])
def test_a_name_may_say_anything(tmp_path: Path, kind: str, name: str) -> None:
    photo = given(tmp_path, READ[kind](), name)
    assert photo.kind == kind
    assert np.abs(photo.pixels.astype(int) - RUST).max() <= 3


def test_an_avif_behind_a_general_brand() -> None:
    assert kind_of(media(b"mif1", b"miaf", b"avif")) == "AVIF"
    assert kind_of(media(b"mif1", b"miaf", b"heic")) == "HEIF"
    assert kind_of(media(b"heic", b"mif1")) == "HEIF"


def test_two_letters_make_no_bitmap() -> None:
    assert kind_of(encoded(plain("RGB", RUST), "BMP")) == "BMP"
    assert kind_of(b"BM stands for bitmap, and this is a text") == "text"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_whose_very_first_bytes_are_damaged_is_read(tmp_path: Path, kind: str) -> None:
    # By its segments or chunks, which follow.
    photo = given(tmp_path, b"\xff\xfe:)" + READ[kind]()[4:], "photo.jpg")
    assert photo.kind == kind
    assert np.abs(photo.pixels.astype(int) - RUST).max() <= 3


def test_a_picture_that_is_damaged_throughout_is_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        given(tmp_path, READ["JPEG"]()[:12] + b"no more of it" * 9, "photo.jpg")
    assert caught.value.key == "problem.photo_broken"


@pytest.mark.parametrize("length", [12, 40, 4096])
def test_bytes_of_chance_are_no_text(length: int) -> None:
    chance = np.random.default_rng(3)
    found = [kind_of(chance.bytes(length)) for _ in range(500)]
    assert found.count("text") <= 2


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        # Without a control character, and yet no text of any coding.
        (b"\xfe\xd9\xff\xe0\x90\xa7JFXF\xff\xdb\xc0\x85\xd7", ""),
        (b"\xff" * 40, ""),
        ("これは写真ではなく、文章です。".encode("cp932"), "text"),
        ("Das ist kein Bild, sondern Text: größer als Fünf.".encode("latin-1"), "text"),
        ("\ufeff写真ではありません。".encode("utf-16-le"), "text"),
        # The last letter of what is looked at is cut.
        (("a" + "写" * 3000).encode()[:4096], "text"),
        (("a" + "写" * 30).encode()[:-1], ""),
    ],
)
def test_a_text_can_be_read_as_one(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, name: str) -> None:
    data, kind = REFUSED[name]
    with pytest.raises(Problem) as caught:
        given(tmp_path, data, "photo.jpg")
    assert caught.value.key == f"problem.photo_is_{kind}"
    for lang in ("en", "ja"):
        assert text(lang)(caught.value.key)


def test_bytes_of_no_kind_are_told_what_is_read(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        given(tmp_path, bytes(range(256)), "photo.jpg")
    assert caught.value.key == "problem.photo_format"
    for lang in ("en", "ja"):
        said = text(lang)(caught.value.key)
        for name in ("JPEG", "PNG", "WebP", "AVIF", "HEIC", "GIF", "BMP", "TIFF"):
            assert name in said
