"""From an opened picture of 8 bits to upright sRGB pixels on white, no longer than LONGEST."""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from demo.photo.limits import LONGEST

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def finished(
    picture: Image.Image, profile: bytes | None = None, orientation: int = 1
) -> NDArray[np.uint8]:
    """The pixels that are kept.

    Args:
        picture: of any mode of Pillow's with 8 bits a sample.
        profile: the ICC profile of its colours; sRGB where there is none.
        orientation: EXIF's number for how it was stored.
    """
    picture = _srgb(_on_white(_reduced(_plain(picture))), profile)
    turn = _TURNS.get(orientation)
    upright = picture if turn is None else picture.transpose(turn)
    return np.array(upright, dtype=np.uint8)


def orientation_of(exif: Image.Exif) -> int:
    """EXIF's number for how a photo was stored; 1, upright, where the block is damaged."""
    try:
        value = exif.get(0x0112, 1)
        return value if value in _TURNS else 1
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        # A damaged note about the camera costs no photo.
        return 1


def parsed_exif(block: bytes | None) -> Image.Exif:
    """EXIF's entries; none where the block is damaged."""
    exif = Image.Exif()
    try:
        exif.load(block or b"")
    except (OSError, SyntaxError, ValueError, TypeError, struct.error):
        return Image.Exif()
    return exif


def _plain(picture: Image.Image) -> Image.Image:
    """Without palettes, and with transparency as a channel."""
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
    own = None
    try:
        if picture.mode == "LAB":
            own = ImageCms.createProfile("LAB")
        elif profile and picture.mode in ("RGB", "CMYK", "L"):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            # A grey picture that had an alpha channel is RGB by now, and a grey one may bear a
            # profile for RGB.
            space = own.profile.xcolor_space.strip()
            if {space, picture.mode} in ({"GRAY", "RGB"}, {"RGB", "L"}):
                picture = picture.convert("L" if space == "GRAY" else "RGB")
        if own is not None:
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, own, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        # A damaged profile, or one of another kind of picture: the pixels are still good.
        pass
    return picture.convert("RGB")
