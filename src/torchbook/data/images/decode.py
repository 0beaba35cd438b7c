"""One image file becomes uint8 pixels; also run as a program that reads many, in a process of its own.

Nothing of torch or torchbook is imported here, so that such a process starts in a tenth of a second.
"""

import io
import json
import signal
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image

# Only these are tried: no format that calls another program, or that no camera, scanner or web page makes.
FORMATS: tuple[str, ...] = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
ENDINGS: tuple[str, ...] = (
    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm",
)  # fmt: skip
if find_spec("PIL.AvifImagePlugin"):  # Pillow 11.3 and later.
    FORMATS, ENDINGS = (*FORMATS, "AVIF"), (*ENDINGS, ".avif")
# Pillow's own mark for a decompression bomb: a quarter of a gibibyte of colour pixels.
LARGEST_IMAGE = 89_478_485

Opened = io.BytesIO | io.BufferedReader
Reader = Callable[[str], Opened]

# A compressed DICOM header could unpack to any size; no scanner writes one.
_DEFLATED = "1.2.840.10008.1.2.1.99"
_ORIENTATION = 0x0112
# What brings a picture of this EXIF orientation upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)


class Unusable(Exception):
    """A file that cannot become pixels; `kind` is "no image", "damaged", "unreadable" or "bomb"."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


def look(file: Opened, *, name: str = "") -> dict[str, Any]:
    """Reads what an image file says of itself, mostly without decoding it; `name` tells a damaged one from no image.

    Returns `width` and `height` (upright), `colour`, `transparent`, `moving` (it has several frames) and `peak`: the
    largest value of pixels deeper than 8 bits, otherwise None.

    Raises:
        Unusable: the file is no image, is damaged or is a decompression bomb.
    """
    with _opened(file, name) as image:
        sideways = _orientation(image) in _SIDEWAYS
        return {
            "width": image.height if sideways else image.width,
            "height": image.width if sideways else image.height,
            "colour": _is_colour(image),
            "transparent": image.has_transparency_data,
            # A JPEG of several frames is a camera's picture with its own preview.
            "moving": image.format != "MPO" and getattr(image, "is_animated", False),
            # Of a DICOM file: whom it shows, "" where that is not said.
            "patient": image.info.get("patient"),
            "peak": float(_deep(image).max()) if _is_deep(image) else None,
        }


def decode(
    file: Opened, *, channels: int, height: int, width: int, peak: float = 65535.0, name: str = ""
) -> np.ndarray:
    """The pixels of an image file as uint8 `[channels, height, width]`, upright, with transparency laid over white
    (a white icon over black).

    A picture of another shape is scaled until it covers `width` x `height` and cropped at its centre; of several frames
    the first is taken. `channels` is 1 (grey) or 3 (red, green, blue). `peak` is the value that becomes 255 in pixels
    deeper than 8 bits.

    Raises:
        Unusable: the file is no image, is damaged or is a decompression bomb.
    """
    with _opened(file, name) as image:
        orientation = _orientation(image)
        size = (height, width) if orientation in _SIDEWAYS else (width, height)
        _draft(image, size)
        if _is_deep(image):
            values = np.rint(_deep(image) * (255 / peak)).clip(0, 255)
            image = Image.fromarray(values.astype(np.uint8))
        elif image.has_transparency_data:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, _background(image)), image)
        image = _covering(image.convert("L" if channels == 1 else "RGB"), size)
        if orientation in _UPRIGHT:
            image = image.transpose(_UPRIGHT[orientation])
        pixels = np.asarray(image)
    return pixels[None] if channels == 1 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


@contextmanager
def _opened(file: Opened, name: str) -> Iterator[Image.Image]:
    """The image in a file; whatever goes wrong inside the block, in any of Pillow's many ways, leaves as `Unusable`."""
    try:
        start = file.read(132)
        file.seek(0)
        if is_dicom(name, start):
            with warnings.catch_warnings():
                # pydicom warns of every odd field, whenever it is looked at.
                warnings.simplefilter("ignore")
                image = _of_dicom(file)
        else:
            image = Image.open(file, formats=FORMATS)
        if image.width * image.height > LARGEST_IMAGE:
            raise Unusable("bomb", f"{image.width} x {image.height} pixels are more than {LARGEST_IMAGE:,}")
        if image.format == "TIFF":
            # Only a loaded TIFF has its final size: Pillow brings this format upright itself.
            image.load()
        yield image
    except Unusable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unusable("bomb", _first_line(error)) from None
    except Image.UnidentifiedImageError:
        kind = "damaged" if name.lower().endswith(ENDINGS) else "no image"
        raise Unusable(kind, "its content is of no known image format") from None
    except Exception as error:
        raise Unusable("damaged", _first_line(error)) from None


def is_dicom(name: str, start: bytes) -> bool:
    """Tells whether a file of that name, which begins with `start` (132 bytes or more), is meant to be DICOM."""
    return start[128:132] == b"DICM" or PurePosixPath(name.lower()).suffix in (".dcm", ".dicom", ".ima")


def read_dicom(file: Any, *, pixels: bool = True) -> Any:
    """The header of a DICOM file, with or without its `pixels`.

    Raises:
        Unusable: pydicom is not installed, or the header is compressed.
    """
    try:
        import pydicom
    except ImportError:
        raise Unusable(
            "unreadable", "reading DICOM needs the package pydicom; install it with: pip install pydicom"
        ) from None
    about = pydicom.filereader.read_partial(file, stop_when=lambda tag, *_: tag.group > 2, force=True).file_meta
    if about.get("TransferSyntaxUID") == _DEFLATED:
        raise Unusable("unreadable", "its header is compressed")
    file.seek(0)
    return pydicom.dcmread(file, stop_before_pixels=not pixels, force=True)


def is_inverted(header: Any) -> bool:
    """Tells whether the lowest value of a DICOM file is shown white. Hounsfield units mean the same either way."""
    grey = str(header.get("PhotometricInterpretation", "")).strip() == "MONOCHROME1"
    return grey and header.get("Modality") != "CT" and header.get("RescaleType") != "HU"


def _of_dicom(file: Any) -> Image.Image:
    """The picture in a DICOM file as a viewer shows it: in the window that it states, else from its lowest value to its
    highest, and with bright for dense whatever its maker stores (MONOCHROME1)."""
    header = read_dicom(file)
    from pydicom.pixels import pixel_array

    if int(header.Rows) * int(header.Columns) > LARGEST_IMAGE:
        raise Unusable("bomb", f"{header.Columns} x {header.Rows} pixels are more than {LARGEST_IMAGE:,}")
    if str(header.get("PhotometricInterpretation", "")).strip() == "PALETTE COLOR":
        raise Unusable("unreadable", "its values are numbers of a palette")
    values = pixel_array(header, index=0)
    if values.dtype != np.uint8 or values.ndim == 2:
        values = _windowed(values.astype(np.float32), header)
        values = 255 - values if is_inverted(header) else values
    image = Image.fromarray(np.ascontiguousarray(values))
    image.info["patient"] = str(header.get("PatientID") or "").strip()
    if int(header.get("NumberOfFrames") or 1) > 1:
        image.is_animated = True  # type: ignore[attr-defined]
    return image


def _windowed(values: np.ndarray, header: Any) -> np.ndarray:
    """Values as bytes."""
    rescaled = values * float(header.get("RescaleSlope", 1)) + float(header.get("RescaleIntercept", 0))
    centre, width = (stated(header, name) for name in ("WindowCenter", "WindowWidth"))
    ranges = [(centre[0] - width[0] / 2, centre[0] + width[0] / 2)] if centre and width and width[0] > 1 else []
    for lowest, highest in [*ranges, (rescaled.min(), rescaled.max())]:
        shown = np.rint((rescaled - lowest) * (255 / max(highest - lowest, 1e-6))).clip(0, 255).astype(np.uint8)
        # A window beside all values is a mistake.
        if shown.min() < shown.max():
            break
    return shown


def stated(header: Any, name: str) -> list[float]:
    """The numbers under a name of a DICOM header; none where it states none that are finite."""
    try:
        value = header.get(name)
        numbers = [float(each) for each in ([value] if isinstance(value, str | int | float) else value or [])]
    except Exception:
        # pydicom fails in as many ways as a header can be odd.
        return []
    return numbers if np.isfinite(numbers).all() else []


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _orientation(image: Image.Image) -> int:
    return image.getexif().get(_ORIENTATION, 1)


def _is_colour(image: Image.Image) -> bool:
    if image.mode in ("P", "PA"):
        used = [index for _, index in image.convert("P").getcolors(256) or []]
        palette = np.array(image.getpalette("RGB") or [], np.uint8).reshape(-1, 3)
        palette = palette[[index for index in used if isinstance(index, int) and index < len(palette)]]
        return bool((palette != palette[:, :1]).any())
    return image.mode not in ("1", "L", "LA", "La") and not _is_deep(image)


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _deep(image: Image.Image) -> np.ndarray:
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all() or values.min() < 0:
        raise Unusable("unreadable", "pixels below 0 or not finite have no grey value")
    return values


def _background(image: Image.Image) -> str:
    """What a picture with an alpha channel is laid over: white, but black for a white icon, which would vanish."""
    values = np.asarray(image)
    visible = values[values[..., 3] > 127][:, :3]
    return "black" if len(visible) and len(visible) < values[..., 0].size and visible.min() > 240 else "white"


def _draft(image: Image.Image, size: tuple[int, int]) -> None:
    """Has a much larger JPEG decoded at 1/2, 1/4 or 1/8, at least twice the wanted size, which a good resize needs."""
    scale = min(image.width / size[0], image.height / size[1])
    if scale >= 4:
        image.draft(None, (int(image.width * 2 / scale), int(image.height * 2 / scale)))


def _covering(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image scaled to cover `size` (width, height) and cropped at its centre."""
    if image.size == size:
        return image
    scale = min(image.width / size[0], image.height / size[1])
    # Rounding may exceed the image by a hair, which a box must not.
    across, down = min(size[0] * scale, image.width), min(size[1] * scale, image.height)
    left, top = (image.width - across) / 2, (image.height - down) / 2
    box = (left, top, min(left + across, image.width), min(top + down, image.height))
    return image.resize(size, Image.Resampling.BICUBIC, box=box)


def reader(source: Path) -> Reader:
    """A function that opens a file in a folder or zip by its name."""
    if source.is_dir():
        return lambda name: (source / name).open("rb")
    archive = zipfile.ZipFile(source)
    return lambda name: io.BytesIO(archive.read(name))


def read_all(read: Reader, job: dict[str, Any]) -> list[Any]:
    """Does a job for each of its `names`: looks, or decodes into the rows from `first` on of the file `out`.

    The result for a name is what `look` returns, or the digest of the pixels with a "!" behind it where the picture is
    of one colour, or `[kind, reason]` where the file cannot be used.

    Raises:
        OSError: the pixels cannot be written.
    """
    with warnings.catch_warnings(), Path(job["out"]).open("r+b") if "out" in job else io.BytesIO() as out:
        warnings.simplefilter("ignore")
        return [_read_one(read, name, row, out, job) for row, name in enumerate(job["names"], job["first"])]


def _read_one(read: Reader, name: str, row: int, out: Any, job: dict[str, Any]) -> Any:
    try:
        with _content(read, name) as file:
            if "out" not in job:
                return look(file, name=name)
            pixels = decode(file, name=name, **job["shape"])
    except Unusable as error:
        return [error.kind, str(error)]
    out.seek(job["start"] + row * pixels.nbytes)
    out.write(pixels.tobytes())
    one_colour = bool((pixels == pixels[:, :1, :1]).all())
    return blake2b(pixels.tobytes(), digest_size=12).hexdigest() + ("!" if one_colour else "")


def _content(read: Reader, name: str) -> Opened:
    try:
        return read(name)
    except (OSError, RuntimeError) as error:
        # No permission, or a password or a compression that Python does not know: the file's own trouble.
        raise Unusable("unreadable", _first_line(error)) from None
    except Exception as error:
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
