"""A TIFF file of several pages as a stack."""

import re
import warnings

import numpy as np
import psutil
import torch
from PIL import Image

from torchbook.data.images.decode import LARGEST_IMAGE, Opened
from torchbook.data.phrasing import counted, some
from torchbook.data.volumes.voxels import Volume
from torchbook.errors import TorchbookError

PAGES = (".tif", ".tiff")
_DESCRIPTION, _ACROSS, _DOWN = 270, 282, 283
_MILLIMETRES = {
    "mm": 1.0,
    "cm": 10.0,
    "m": 1000.0,
    "micron": 1e-3,
    "um": 1e-3,
    "\\u00B5m": 1e-3,
    "µm": 1e-3,
    "nm": 1e-6,
}


def read_pages(file: Opened, name: str) -> Volume:
    """The pages as float32 `[channel, depth, height, width]` with the values that are stored.

    Pages of another size than the first are left out. The voxel spacing is read where ImageJ has written it.

    Raises:
        TorchbookError: the file is damaged, or too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read_pages(file, name)
        except TorchbookError:
            raise
        except Exception as error:
            # Pillow fails in as many ways as a file can be damaged.
            raise TorchbookError(f"{name}: the TIFF is damaged ({' '.join(str(error).split())})") from None


def _read_pages(file: Opened, name: str) -> Volume:
    image = Image.open(file, formats=("TIFF",))
    pages, (width, height) = getattr(image, "n_frames", 1), image.size
    if width * height > LARGEST_IMAGE or 12 * width * height * pages > psutil.virtual_memory().available:
        raise TorchbookError(f"{name}: {pages} pages of {width} x {height} pixels are too large for the memory")
    about = image.tag_v2  # type: ignore[attr-defined]
    described = str(about.get(_DESCRIPTION, ""))
    across, down = float(about.get(_ACROSS, 0)), float(about.get(_DOWN, 0))
    stacked: list[np.ndarray] = []
    odd: list[str] = []
    for number in range(pages):
        image.seek(number)
        plane = _plane(image)
        if stacked and plane.shape != stacked[0].shape:
            odd.append(str(number + 1))
        else:
            stacked.append(plane)
    values = np.stack(stacked, axis=1)
    channels = int(_stated(described, "channels") or 1)
    if values.shape[0] == 1 and channels > 1 and values.shape[1] % channels == 0:
        # ImageJ writes the channels of a slice as pages that follow each other.
        values = np.ascontiguousarray(values[0].reshape(-1, channels, *values.shape[2:]).swapaxes(0, 1))
    notes = ["The values are those that are stored: a TIFF has no Hounsfield units."]
    spacing = _spacing(described, across, down)
    if spacing is None:
        notes.append("The file does not say how far apart its voxels are.")
    if odd:
        notes.append(f"{counted(len(odd), 'page')} of another size than the first: left out (number {some(odd)}).")
    return Volume(torch.from_numpy(values), spacing, "stored values", tuple(notes))


def _plane(image: Image.Image) -> np.ndarray:
    """A page as float32 `[channel, height, width]`."""
    if image.mode in ("1", "L", "I", "F") or image.mode.startswith("I;16"):
        return np.asarray(image.convert("L") if image.mode == "1" else image).astype(np.float32)[None]
    if image.mode in ("LA", "La"):
        return np.asarray(image.convert("L")).astype(np.float32)[None]
    return np.asarray(image.convert("RGB")).astype(np.float32).transpose(2, 0, 1)


def _spacing(described: str, across: float, down: float) -> tuple[float, float, float] | None:
    """Returns what ImageJ writes: the distance of slices in its description, pixels per unit as the resolution."""
    between, unit = _stated(described, "spacing"), _stated(described, "unit")
    scale = _MILLIMETRES.get(unit or "")
    if not described.startswith("ImageJ=") or between is None or scale is None or not across or not down:
        return None
    return abs(float(between)) * scale, scale / down, scale / across


def _stated(described: str, what: str) -> str | None:
    match = re.search(rf"^{what}=(.*)$", described, re.MULTILINE)
    return match.group(1).strip() if match else None
