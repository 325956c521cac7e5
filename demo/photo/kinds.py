"""What a file is, by its first bytes: names and types that somebody sent may say anything."""

from __future__ import annotations

import codecs
import re

READ = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF")
"""Pillow's names of what is read; "photo.formats" lists them for people."""

HEAD = 4096
"""Bytes that are looked at."""

# (offset, bytes, kind): a kind of READ in capitals, otherwise one that has its own refusal.
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    # Damaged at their very beginning, they still say what they were.
    (6, b"JFIF\0", "JPEG"),
    (6, b"Exif\0\0", "JPEG"),
    (12, b"IHDR", "PNG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"CR\x02\0", "raw"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (0, b"IIRO", "raw"),
    (0, b"IIU\0", "raw"),
    (0, b"FUJIFILMCCD-RAW", "raw"),
    (0, b"FOVb", "raw"),
    (0, b"\0\0\0\x0cjP  ", "jpeg2000"),
    (0, b"\xff\x4f\xff\x51", "jpeg2000"),
    (0, b"\0\0\0\x0cJXL ", "jxl"),
    (0, b"\xff\x0a", "jxl"),
    (0, b"8BPS", "psd"),
    (0, b"gimp xcf", "drawing"),
    (0, b"%!PS", "drawing"),
    (0, b"\xc5\xd0\xd3\xc6", "drawing"),
    (0, b"\xd7\xcd\xc6\x9a", "drawing"),
    (40, b" EMF", "drawing"),
    (0, b"AT&TFORM", "pdf"),
    (0, b"\0\0\1\0", "icon"),
    (0, b"\0\0\2\0", "icon"),
    (0, b"icns", "icon"),
    (128, b"DICM", "medical"),
    (0, b"SIMPLE  =", "medical"),
    (0, b"\x89HDF\r\n\x1a\n", "medical"),
    (0, b"\x76\x2f\x31\x01", "exotic"),
    (0, b"#?RADIANCE", "exotic"),
    (0, b"DDS ", "exotic"),
    (0, b"\x59\xa6\x6a\x95", "exotic"),
    (0, b"qoif", "exotic"),
    (0, b"BPG\xfb", "exotic"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (0, b"FLV\1", "video"),
    (0, b"\0\0\1\xba", "video"),
    (0, b"\0\0\1\xb3", "video"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "video"),
    (4, b"moov", "video"),
    (4, b"mdat", "video"),
    (0, b"ID3", "audio"),
    (0, b"OggS", "audio"),
    (0, b"fLaC", "audio"),
    (0, b"\xff\xfb", "audio"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (0, b"{\\rtf", "office"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"Rar!\x1a\x07", "archive"),
    (0, b"BZh", "archive"),
    (0, b"\xfd7zXZ\0", "archive"),
    (257, b"ustar", "archive"),
)
_RIFF = {b"WEBP": "WEBP", b"AVI ": "video", b"WAVE": "audio"}
_ODD_IN_JAPANESE = r"[\uff61-\uff9f\ue000-\uf8ff]"
"""Kana of half width and characters that a maker of fonts added."""
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_BRANDS = {
    "AVIF": {b"avif", b"avis"},
    "HEIF": {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"},
    "raw": {b"crx "},
    "audio": {b"M4A ", b"M4B "},
}


def kind_of(head: bytes) -> str:
    """What a file is that begins with `head`: one of READ, the kind of a refusal, or ""."""
    for offset, signature, kind in _SIGNATURES:
        if head.startswith(signature, offset):
            return kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head[:4] in (b"PK\3\4", b"PK\5\6"):
        # Office documents are archives that begin with their table of contents.
        return "office" if re.search(rb"\[Content_Types\]|mimetypeapplication", head) else "archive"
    # Two letters are weak evidence: the size of the header that follows is stronger.
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "BMP"
    if re.match(rb"P[1-7][\s#]", head):
        return "exotic"
    return _text(head)


def _brand(head: bytes) -> str:
    """Of an ISO media file (ISO/IEC 14496-12): by its main brand, else by the compatible ones."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    for brand in brands:
        for kind, known in _BRANDS.items():
            # mif1 says "a picture" and leaves its coding to the brands behind it.
            if brand in known and not (brand == b"mif1" and _BRANDS["AVIF"] & set(brands)):
                return kind
    return "video"


def _text(head: bytes) -> str:
    # A PDF may begin a few bytes late.
    if b"%pdf-" in head[:1024].lower():
        return "pdf"
    start = _decoded(head).lstrip().lower()
    if not start or re.search(r"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]", start):
        return ""
    if "<svg" in start:
        return "svg"
    if re.match(r"<(!doctype html|html|head|body|!--)|<\?xml", start):
        return "html"
    return "text"


def _decoded(head: bytes) -> str:
    """The text that these bytes are, "" for none: hardly any bytes of chance are one."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(head, "utf-16")
    if words := _strictly(head, "utf-8-sig"):
        return words
    # Older texts of Japan have kana of full width, those of Europe few letters beyond ASCII.
    words = _strictly(head, "cp932")
    if re.search(r"[\u3041-\u30fe]", words) and not re.search(_ODD_IN_JAPANESE, words):
        return words
    foreign = sum(byte > 127 for byte in head)
    return _strictly(head, "cp1252") if 4 * foreign < len(head) >= 16 else ""


def _strictly(head: bytes, coding: str) -> str:
    """Decoded, "" where that cannot be; what a whole head ends with may be a part of a letter."""
    try:
        return codecs.getincrementaldecoder(coding)().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return ""
