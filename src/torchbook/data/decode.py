"""One image file becomes uint8 pixels; also run as a program that reads many, in a process of its own.

Nothing of torch or torchbook is imported here, so that such a process starts in a tenth of a second.
"""

import io
import json
import signal
import sys
import warnings
import zipfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

# Only these are tried: no format that calls another program or that no camera, scanner or web page makes.
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm")
# Pillow's own mark for a decompression bomb: a quarter of a gibibyte of colour pixels.
LARGEST_IMAGE = 89_478_485
LARGEST_FILE = 1 << 30

# EXIF orientation: what brings the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112


class Unusable(Exception):
    """A file that cannot become pixels: `kind` is "no image", "damaged" or "bomb", the message says why."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


def look(content: bytes, name: str = "") -> dict[str, Any]:
    """What the file says of itself, mostly without decoding a pixel.

    Returns `width` and `height` (upright), `colour`, `transparent`, `moving` (more than one frame) and `peak`: the
    largest value of pixels deeper than 8 bits, otherwise None.

    Raises:
        Unusable: the content is no image, is damaged or is a decompression bomb.
    """
    with _opened(content, name) as image:
        turned = image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
        return {
            "width": image.height if turned else image.width,
            "height": image.width if turned else image.height,
            "colour": _is_colour(image),
            "transparent": image.has_transparency_data,
            "moving": image.format in ("GIF", "WEBP", "TIFF", "PNG") and getattr(image, "is_animated", False),
            "peak": float(_deep(image).max()) if _is_deep(image) else None,
        }


def decode(
    content: bytes, *, channels: int, height: int, width: int, peak: float = 65535.0, name: str = ""
) -> np.ndarray:
    """The pixels as uint8 `[channels, height, width]`, upright, with transparency laid over white.

    Another shape is scaled until it covers `width` x `height` and cropped at its centre. `peak` is the value that
    becomes 255 in pixels deeper than 8 bits.

    Raises:
        Unusable: the content is no image, is damaged or is a decompression bomb.
    """
    with _opened(content, name) as image:
        upright = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
        mode = "L" if channels == 1 else "RGB"
        size = (height, width) if upright in _SIDEWAYS else (width, height)
        if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
            # A JPEG can be decoded at 1/2, 1/4 or 1/8: twice the wanted size leaves enough for a good resize.
            scale = min(image.width / size[0], image.height / size[1])
            if scale >= 4:
                image.draft(image.mode, (int(image.width * 2 / scale), int(image.height * 2 / scale)))
        if _is_deep(image):
            values = _deep(image) * (255 / peak)
            image = Image.fromarray(np.rint(values).clip(0, 255).astype(np.uint8))
        elif image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = _covering(image.convert(mode), size)
        if upright is not None:
            image = image.transpose(upright)
        pixels = np.asarray(image)
    return pixels[None] if channels == 1 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


_SIDEWAYS = (
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_270,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
)


class _opened:
    """An open image; whatever goes wrong inside the block, in any of Pillow's ways, leaves as `Unusable`."""

    def __init__(self, content: bytes, name: str):
        self.content, self.name = content, name

    def __enter__(self) -> Image.Image:
        try:
            self.image = Image.open(io.BytesIO(self.content), formats=FORMATS)
        except Image.DecompressionBombError as error:
            raise Unusable("bomb", _first_line(error)) from None
        except Image.UnidentifiedImageError:
            damaged = self.name.lower().endswith(ENDINGS)
            if not self.content:
                raise Unusable("damaged" if damaged else "no image", "the file is empty") from None
            raise Unusable("damaged" if damaged else "no image", "the content is of no known image format") from None
        except Exception as error:
            raise Unusable("damaged", _first_line(error)) from None
        if self.image.width * self.image.height > LARGEST_IMAGE:
            size = f"{self.image.width} x {self.image.height} pixels are more than {LARGEST_IMAGE:,}"
            raise Unusable("bomb", size)
        if self.image.width * self.image.height == 0:
            raise Unusable("damaged", "the image has no pixels")
        return self.image

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, Exception) and not isinstance(error, Unusable):
            raise Unusable("damaged", _first_line(error)) from None


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _is_colour(image: Image.Image) -> bool:
    if image.mode in ("P", "PA"):
        palette = np.frombuffer(image.convert("P").im.getpalette("RGB"), np.uint8).reshape(-1, 3)
        return bool((palette != palette[:, :1]).any())
    return image.mode not in ("1", "L", "LA", "La", "I", "F") and not image.mode.startswith("I;16")


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _deep(image: Image.Image) -> np.ndarray:
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all() or values.min() < 0:
        raise Unusable("damaged", "pixels below 0 or not finite have no grey value")
    return values


def _covering(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image scaled to cover `size` (width, height) and cropped at its centre."""
    if image.size == size:
        return image
    scale = min(image.width / size[0], image.height / size[1])
    across, down = size[0] * scale, size[1] * scale
    left, top = (image.width - across) / 2, (image.height - down) / 2
    box = (left, top, min(left + across, image.width), min(top + down, image.height))
    return image.resize(size, Image.Resampling.BICUBIC, box=box)


def reader(source: Path) -> Callable[[str], bytes]:
    """A function from the name of a file in a folder or a zip to its content."""
    if source.is_dir():
        return lambda name: (source / name).read_bytes()
    archive = zipfile.ZipFile(source)
    return archive.read


def read_all(read: Callable[[str], bytes], job: dict[str, Any]) -> list[Any]:
    """Does a job for each of its `names`: "look", or "decode" into the rows from `first` on of the file `out`.

    The result for a name is what `look` returns, or the digest of the pixels with a "!" behind it where the picture is
    of one colour, or `[kind, reason]` where the file cannot be used.

    Raises:
        OSError: the pixels cannot be written.
    """
    with warnings.catch_warnings(), Path(job["out"]).open("r+b") if "out" in job else io.BytesIO() as out:
        warnings.simplefilter("ignore")
        return [_read_one(read, name, row, out, job) for row, name in enumerate(job["names"], job.get("first", 0))]


def _read_one(read: Callable[[str], bytes], name: str, row: int, out: Any, job: dict[str, Any]) -> Any:
    try:
        content = _content(read, name)
        if "out" not in job:
            return look(content, name)
        pixels = decode(content, name=name, **job["shape"])
    except Unusable as error:
        return [error.kind, str(error)]
    out.seek(job["start"] + row * pixels.nbytes)
    out.write(pixels.tobytes())
    one_colour = bool((pixels == pixels[:, :1, :1]).all())
    return blake2b(pixels.tobytes(), digest_size=12).hexdigest() + ("!" if one_colour else "")


def _content(read: Callable[[str], bytes], name: str) -> bytes:
    try:
        return read(name)
    except Exception as error:
        # A wrong checksum, an unknown compression, a password, no permission: the file's own trouble, not the set's.
        raise Unusable("damaged", _first_line(error)) from None


def serve(source: Path) -> None:
    """Answers each line of standard input, a job in JSON, with a line: its results, or an error of the system."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    read = reader(source)
    for line in sys.stdin:
        try:
            answer: Any = read_all(read, json.loads(line))
        except OSError as error:
            answer = {"errno": error.errno, "reason": error.strerror, "file": error.filename}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
