"""An upload becomes a safe, upright RGB picture, or is refused in one clear sentence."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from demo.records import Photo, Problem

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 80_000_000
"""Of a file that is decoded whole. A larger JPEG is decoded at a fraction of its size."""
LONGEST = 1600
"""Longer side of what is kept: no network sees more than 600 px."""
THINNEST = 64
"""A photo may be this many times longer than wide."""

# Pillow would also run programs of the machine for some formats (PostScript), and open many that
# nobody takes a photo in. AVIF came with Pillow 11.3.
Image.init()
_KINDS = [
    kind for kind in ("AVIF", "BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP") if kind in Image.OPEN
]
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read(path: str) -> Photo:
    """Read an uploaded file.

    Orientation (EXIF) is applied, colours become sRGB, transparency lies on white, 16 bits become
    8, of an animation the first frame counts, and the longer side is at most LONGEST.

    Raises:
        Problem: "problem.photo_empty", "_large", "_svg", "_format", "_pixels", "_thin" or
            "_broken".
    """
    file = Path(path)
    size = file.stat().st_size
    if size == 0:
        raise Problem("problem.photo_empty")
    if size > MOST_BYTES:
        raise Problem("problem.photo_large", size=round(size / 2**20), most=MOST_BYTES // 2**20)
    with file.open("rb") as opened:
        head = opened.read(512).lstrip().lower()
    if head.startswith((b"<svg", b"<?xml")) or b"<svg" in head:
        raise Problem("problem.photo_svg")
    with warnings.catch_warnings():
        # Pillow warns of pictures that are too large; here they are refused or reduced.
        warnings.simplefilter("ignore")
        try:
            with Image.open(file, formats=_KINDS) as picture:
                return from_image(picture, file.stem)
        except Problem:
            raise
        except UnidentifiedImageError:
            raise Problem("problem.photo_format") from None
        except Image.DecompressionBombError:
            raise Problem("problem.photo_pixels", most=MOST_PIXELS // 10**6) from None
        except Exception:
            # Decoders raise whatever they trip over in damaged bytes: OSError, SyntaxError,
            # RuntimeError, struct.error, ...
            raise Problem("problem.photo_broken") from None


def from_image(picture: Image.Image, name: str = "") -> Photo:
    """The same from an opened picture.

    Raises:
        Problem: "problem.photo_pixels" or "_thin".
        Exception: whatever the decoder raises if its file turns out to be damaged.
    """
    width, height = picture.size
    if max(width, height) > THINNEST * min(width, height):
        raise Problem("problem.photo_thin", width=width, height=height)
    # JPEG can be decoded at 1/2, 1/4 or 1/8 of its size, which keeps huge ones quick.
    picture.draft(None, (LONGEST, LONGEST))
    if picture.width * picture.height > MOST_PIXELS:
        raise Problem("problem.photo_pixels", most=MOST_PIXELS // 10**6)
    picture.load()
    turn = _turn(picture)
    profile = picture.info.get("icc_profile")
    picture = _srgb(_on_white(_reduced(_eight_bits(picture))), profile)
    upright = picture if turn is None else picture.transpose(turn)
    pixels = np.array(upright, dtype=np.uint8)
    digest = hashlib.blake2b(pixels.tobytes(), digest_size=10)
    digest.update(repr(pixels.shape).encode())
    return Photo(digest.hexdigest(), pixels, name)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """16-bit grey to 8 bits by its high byte: Pillow's own conversion would clip it to white."""
    if picture.mode.startswith("I"):
        high = np.asarray(picture) >> 8
        return Image.fromarray(np.clip(high, 0, 255, out=high).astype(np.uint8))
    if picture.mode == "F":
        return Image.fromarray(np.clip(np.asarray(picture), 0, 255).astype(np.uint8))
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture.convert("RGB") if picture.mode in ("P", "1") else picture


def _reduced(picture: Image.Image) -> Image.Image:
    """At most LONGEST px a side."""
    scale = LONGEST / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("RGB")


def _srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours by the embedded profile; by Pillow's plain formulas where there is none."""
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(picture, own, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            # A damaged profile, or one of another kind of picture: the pixels are still good.
            found = None
        if found is not None:
            return found
    return picture.convert("RGB")


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """What makes the stored picture stand upright, by its EXIF orientation."""
    try:
        return _TURNS.get(picture.getexif().get(0x0112, 1))
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        # A damaged note about the camera costs no photo.
        return None
