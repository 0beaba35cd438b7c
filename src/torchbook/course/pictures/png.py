"""Pixels as an address that stands inside a drawing."""

import base64
import io

from PIL import Image


def png_address(picture: Image.Image, *, optimize: bool = False) -> str:
    """Returns the address of a PNG (`data:`) that has these pixels in it; to `optimize` takes time and saves bytes."""
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=optimize)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
