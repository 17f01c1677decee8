"""Only pixels come out of an uploaded picture; everything else is refused in words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from clinic.refusals import Refusal
from planner.imaging import LONGEST, MOST_BYTES, THUMB, read_picture
from tests.planner.pictures import picture


def refused(data):
    with pytest.raises(Refusal) as caught:
        read_picture(data)
    assert caught.value.field == "file"
    return caught.value


def png_header(width, height):
    """A PNG that claims a size and holds no pixels."""
    ihdr = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + ihdr + struct.pack(">I", zlib.crc32(ihdr))
    empty = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    return b"\x89PNG\r\n\x1a\n" + chunk + empty


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_read_picture_writes_the_three_formats_anew_as_jpeg(format):
    kept = read_picture(picture((60, 80), "tan", format=format))
    assert (kept.width, kept.height, len(kept.sha256)) == (60, 80, 64)
    for data in (kept.data, kept.thumb):
        image = Image.open(io.BytesIO(data))
        assert (image.format, image.mode, image.getexif(), image.info.get("icc_profile")) == (
            "JPEG",
            "RGB",
            {},
            None,
        )


def test_read_picture_drops_place_device_and_comment_and_turns_it_upright():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Phone"  # turned right; maker
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    tall = Image.new("RGB", (80, 40), "tan")
    tall.putpixel((0, 0), (255, 255, 255))
    out = io.BytesIO()
    tall.save(out, "JPEG", exif=exif, comment=b"secret", quality=95)
    kept = read_picture(out.getvalue() + b"<script>alert(1)</script>")
    assert (kept.width, kept.height) == (40, 80)
    assert b"Exif" not in kept.data and b"secret" not in kept.data and b"script" not in kept.data
    assert b"Phone" not in kept.data + kept.thumb


def test_read_picture_puts_what_is_clear_on_white():
    kept = read_picture(picture((8, 8), (0, 0, 0, 0), mode="RGBA", format="PNG"))
    assert Image.open(io.BytesIO(kept.data)).getpixel((4, 4)) == (255, 255, 255)


def test_read_picture_makes_large_ones_smaller():
    kept = read_picture(picture((4000, 3000), format="JPEG"))
    assert (kept.width, kept.height) == (LONGEST, 1800)
    assert max(Image.open(io.BytesIO(kept.thumb)).size) == THUMB


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 ...", "photo_format"),
        (b"PK\x03\x04" + b"\0" * 60, "photo_format"),
        (b"GIF89a" + b"\0" * 60, "photo_format"),
        (b"II*\x00" + b"\0" * 60, "photo_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_format"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "photo_heic"),
        (b"\0\0\0\x18ftypmif1" + b"\0" * 60, "photo_heic"),
        (b"", "photo_broken"),
        (b"hello", "photo_broken"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "photo_broken"),
        (picture(format="BMP"), "photo_broken"),
        (picture((400, 400))[:300], "photo_broken"),
        (png_header(60, 80), "photo_broken"),
        (b"\0" * (MOST_BYTES + 1), "photo_large"),
    ],
)
def test_read_picture_refuses_in_words(data, code):
    assert refused(data).code == code


def test_read_picture_says_what_a_pdf_and_a_heic_are():
    assert str(refused(b"%PDF-1.7")) == "This is a PDF, not a picture. Send a JPEG, PNG or WebP picture."
    assert refused(b"\0\0\0\x18ftypheic").sentence.startswith("This is a HEIC picture")


@pytest.mark.parametrize("size", [(8000, 5000), (6001, 6000), (10000, 10000), (50_000, 50_000)])
def test_read_picture_refuses_too_many_pixels_without_decoding_them(size):
    assert refused(png_header(*size)).code == "photo_pixels"


def test_read_picture_names_the_megapixels():
    no = refused(png_header(8000, 5000))
    assert str(no) == "This picture has 40 megapixels; 36 are the most. Send a smaller one."


def test_read_picture_refuses_a_jpeg_of_thousands_of_scans_undecoded():
    out = io.BytesIO()
    Image.new("RGB", (600, 600), "tan").save(out, "JPEG", progressive=True)
    plain = out.getvalue()
    last = plain[plain.rfind(b"\xff\xda") : -2]
    assert read_picture(plain).width == 600
    assert refused(plain[:-2] + last * 4000 + plain[-2:]).code == "photo_scans"
