"""The bytes of a file become pixels: here, in whichever process this runs."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from demo.photo import jpeg, png, tiff
from demo.photo.colour import finished, orientation_of, parsed_exif
from demo.photo.kinds import HEAD, READ, kind_of
from demo.photo.limits import MOST_PIXELS, MOST_RUNS, OTHERS_PIXELS, check_size, too_many_pixels
from demo.photo.partial import cut, partly
from demo.records import Notice, Problem


class Decoded(NamedTuple):
    """Upright sRGB pixels (H, W, 3), what the file is, and what the reader should know."""

    pixels: NDArray[np.uint8]
    kind: str
    notices: tuple[Notice, ...] = ()


def decode(data: bytes) -> Decoded:
    """Decode a file of one of the kinds in READ.

    Raises:
        Problem: one of the keys "problem.photo_...", with what to do.
    """
    kind = kind_of(data[:HEAD])
    if kind not in READ:
        raise Problem(f"problem.photo_is_{kind}" if kind else "problem.photo_format")
    with warnings.catch_warnings():
        # Pillow warns of pictures that are large and of tags that are odd.
        warnings.simplefilter("ignore")
        try:
            return _decode(kind, data)
        except Problem:
            raise
        except Image.DecompressionBombError:
            # Pillow's own bound, where a header hid the size from ours.
            raise too_many_pixels(MOST_PIXELS.get(kind, OTHERS_PIXELS)) from None
        except MemoryError:
            raise Problem("problem.photo_costly") from None
        except Exception:
            # Decoders raise whatever they trip over in damaged bytes: OSError, SyntaxError,
            # RuntimeError, struct.error, ...
            raise Problem("problem.photo_broken") from None


def _decode(kind: str, data: bytes) -> Decoded:
    if kind == "JPEG":
        picture, profile, exif, notices = jpeg.decode(data)
        orientation = orientation_of(parsed_exif(exif))
    elif kind == "PNG":
        picture, profile, exif, notices = png.decode(data)
        orientation = orientation_of(parsed_exif(exif))
    elif kind == "TIFF":
        picture, profile, orientation, notices = tiff.decode(data)
    elif kind == "HEIF":
        picture, profile, orientation, notices = _heif(data), None, 1, ()
        profile = picture.info.get("icc_profile")
    else:
        picture, notices = _by_pillow(kind, data)
        profile = picture.info.get("icc_profile")
        orientation = orientation_of(_exif(picture))
    return Decoded(finished(picture, profile, orientation), kind, notices)


def _heif(data: bytes) -> Image.Image:
    """The main picture of a HEIF file, turned and cropped as it says."""
    try:
        # HEIC is rare enough for its library to wait until it is asked for.
        import pi_heif
        from pi_heif import options

        options.DECODE_THREADS = 2
        file = pi_heif.open_heif(data)
    except (ImportError, OSError, ValueError, RuntimeError, SyntaxError, EOFError):
        raise Problem("problem.photo_is_heif") from None
    main = file[file.primary_index]
    check_size("HEIF", *main.size)
    try:
        return main.to_pillow()
    except (RuntimeError, ValueError):
        # The box is HEIF and what is in it is not coded by HEVC, or by a profile of it.
        raise Problem("problem.photo_is_heif") from None


def _by_pillow(kind: str, data: bytes) -> tuple[Image.Image, tuple[Notice, ...]]:
    """The first frame of a GIF, WebP, AVIF or BMP."""
    if kind == "WEBP":
        # Pillow makes room for the whole canvas as soon as it opens one.
        check_size(kind, *_canvas(data))
    if kind == "BMP" and data[30:34] in (b"\1\0\0\0", b"\2\0\0\0") and len(data) > MOST_RUNS:
        raise Problem("problem.photo_runs", most=MOST_RUNS // 2**20)

    def opened() -> Image.Image:
        picture = Image.open(io.BytesIO(data), formats=[kind])
        check_size(kind, *picture.size)
        return picture

    try:
        picture = opened()
    except UnidentifiedImageError:
        raise Problem("problem.photo_broken") from None
    try:
        picture.load()
    except (OSError, EOFError, SyntaxError, ValueError):
        if kind != "GIF":
            raise
        return cut(*partly(opened))
    # A copy lets go of the decoder, which for WebP holds two more canvases.
    return picture.copy(), ()


def _canvas(data: bytes) -> tuple[int, int]:
    """Width and height that a WebP's first chunk declares (RFC 9649).

    Raises:
        Problem: "problem.photo_broken" if that chunk is none of the three.
    """
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X" and len(body) == 10:
        return tuple(1 + int.from_bytes(body[at : at + 3], "little") for at in (4, 7))
    if kind == b"VP8L" and body[:1] == b"\x2f":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and len(body) == 10:
        return tuple(int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    raise Problem("problem.photo_broken")


def _exif(picture: Image.Image) -> Image.Exif:
    try:
        return picture.getexif()
    except Exception:
        # A damaged note about the camera costs no photo, whatever Pillow trips over in it.
        return Image.Exif()
