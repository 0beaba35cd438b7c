"""Pixels as an address that stands inside a page or a drawing."""

import base64
import io

from PIL import Image


def png_address(picture: Image.Image | bytes, *, optimize: bool = False) -> str:
    """Returns the address of a PNG (`data:`) that has these pixels in it, or the bytes of its file; to `optimize` takes
    time and saves bytes."""
    if isinstance(picture, Image.Image):
        file = io.BytesIO()
        picture.save(file, "PNG", optimize=optimize)
        picture = file.getvalue()
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"
