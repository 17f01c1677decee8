"""Pictures as they are kept: decoded, turned upright, made smaller, written anew; only pixels remain.

Whatever a file carries beside its pixels (place, device, thumbnails, other formats inside) is gone.
"""

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from clinic.refusals import Refusal

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 36_000_000  # what a worker decodes in a second and well under 512 MB
LONGEST, THUMB = 2400, 320  # pixels of the longer side
MOST_SCANS = 100  # of a progressive JPEG: programs write about ten, and each costs the whole picture
FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_NAMED = (
    (b"%PDF", "This is a PDF, not a picture."),
    (b"PK\x03\x04", "This is an archive, not a picture."),
    (b"GIF8", "This is a GIF."),
    (b"II*\x00", "This is a TIFF."),
    (b"MM\x00*", "This is a TIFF."),
    (b"<svg", "This is a drawing, not a photo."),
    (b"<?xml", "This is a drawing, not a photo."),
)
_WANTED = "Send a JPEG, PNG or WebP picture."


@dataclass(frozen=True)
class Picture:
    """A photo written anew as JPEG, its small copy, and the SHA-256 of the first."""

    data: bytes
    thumb: bytes
    sha256: str
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """Turn an uploaded file into a picture; the file itself is never stored.

    Raises Refusal beside the field `file`: too large, another format in words, damaged, too many
    pixels or scans.
    """
    if len(data) > MOST_BYTES:
        raise _no("photo_large", "This file is larger than 20 MB.", "Send a smaller picture.")
    _refuse_other_formats(data)
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MOST_SCANS:
        raise _no("photo_scans", "This picture is built up in far too many steps.", _WANTED)
    image = _decoded(data)
    full = _fitted(image, LONGEST)
    written = _jpeg(full, 88)
    small = _jpeg(_fitted(full, THUMB), 80)
    return Picture(written, small, hashlib.sha256(written).hexdigest(), full.width, full.height)


def _refuse_other_formats(data: bytes) -> None:
    start = data[:64].lstrip()
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise _no(
            "photo_heic",
            "This is a HEIC picture, which browsers cannot show.",
            "Set the camera to JPEG (most compatible), or send a screenshot.",
        )
    for magic, sentence in _NAMED:
        if start.startswith(magic):
            raise _no("photo_format", sentence, _WANTED)


def _decoded(data: bytes) -> Image.Image:
    """The upright pixels, RGB on white; only the three formats are ever tried."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _too_many(image.width * image.height)
        image.draft("RGB", (LONGEST, LONGEST))  # a JPEG is decoded at a fraction where that is enough
        upright = ImageOps.exif_transpose(image)
        return _on_white(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many(0) from None
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError):
        raise _no("photo_broken", "This file is no picture, or it is damaged.", _WANTED) from None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    page = Image.new("RGB", clear.size, "white")
    page.paste(clear, mask=clear.getchannel("A"))
    return page


def _fitted(image: Image.Image, longest: int) -> Image.Image:
    share = min(1, longest / max(image.size))
    size = max(1, round(image.width * share)), max(1, round(image.height * share))
    return image if share == 1 else image.resize(size, Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)  # pixels only: a copy carries no metadata
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _too_many(pixels: int) -> Refusal:
    said = f"{pixels / 1_000_000:.0f} megapixels" if pixels else "far too many pixels"
    most = f"{MOST_PIXELS // 1_000_000} are the most."
    return _no("photo_pixels", f"This picture has {said}; {most}", "Send a smaller one.")


def _no(code: str, sentence: str, next_step: str) -> Refusal:
    return Refusal(code, sentence, next_step, field="file")
