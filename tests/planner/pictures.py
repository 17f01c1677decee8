"""Pictures as cameras and browsers send them."""

import io

from PIL import Image


def picture(size=(60, 80), colour="tan", mode="RGB", format="JPEG", **how):
    """The bytes of a plain picture."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format, **how)
    return out.getvalue()
