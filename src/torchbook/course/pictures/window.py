"""`Window`: the slices of a volume, and the part of its scale that is spent on the shades of a screen."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import traitlets
from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import Axes, drawing, image, text_element
from torchbook.errors import TorchbookError
from torchbook.png import png_address

MOST = 100_000  # voxels, which go to the page as they are
MARKS = {"air": -1000, "fat": -90, "water": 0, "bone": 1000}
PRESETS = {"everything": (1000, 4000), "bone": (400, 1600), "brain": (40, 80)}


class Window(Picture, parts=("axes.js",)):
    """A volume `[depth, height, width]` in Hounsfield units (int16), slice by slice, through a window.

    The reader chooses the slice, and `centre` and `width` of the window: below it everything is black and above it
    white. The histogram has all voxels of the slice, with lines at the Hounsfield units of `marks`. Each of `dtypes` is
    a function of Hounsfield units that stores them in its own way and reads them again; the picture shows what comes
    back.

        Window(scan, dtypes={"int16": lambda hu: hu, "uint8": lambda hu: hu.to(torch.uint8)}, place="scan")

    It is a source of values: `picture.shades` is the slice as the screen has it.

    Raises:
        TorchbookError: it is not int16 `[depth, height, width]`, or has more than 100,000 voxels.
    """

    voxels = traitlets.Bytes(b"").tag(sync=True)
    size: Any = traitlets.List().tag(sync=True)  # depth, height and width
    slice = traitlets.Int(0).tag(sync=True)
    centre = traitlets.Float(0.0).tag(sync=True)
    width = traitlets.Float(1.0).tag(sync=True)
    marks: Any = traitlets.Dict().tag(sync=True)
    presets: Any = traitlets.Dict().tag(sync=True)
    lowest = traitlets.Int(0).tag(sync=True)  # the value that the tables begin with
    tables: Any = traitlets.Dict().tag(sync=True)  # for each dtype what comes back of each value, int16
    dtype = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        volume: Tensor,
        *,
        slice: int = 0,
        centre: float | int = 1000,
        width: float | int = 4000,
        dtypes: Mapping[str, Callable[[Tensor], Tensor]] | None = None,
        marks: Mapping[str, int] = MARKS,
        presets: Mapping[str, Sequence[float | int]] = PRESETS,
        place: str = "",
    ):
        if volume.dtype != torch.int16 or volume.ndim != 3 or not 0 < volume.numel() <= MOST:
            raise TorchbookError(
                f"a window shows int16 [depth, height, width] of 1 to {MOST:,} voxels, "
                f"got {str(volume.dtype)[6:]} {list(volume.shape)}; convert it or take every second voxel"
            )
        lowest, highest = int(volume.min()), int(volume.max())
        scale = torch.arange(lowest, highest + 1, dtype=torch.int16)
        super().__init__(
            voxels=volume.numpy().astype("<i2").tobytes(),
            size=list(volume.shape),
            slice=slice,
            centre=float(centre),
            width=float(width),
            marks=dict(marks),
            presets={name: list(ends) for name, ends in presets.items()},
            lowest=lowest,
            tables={
                name: store(scale).to(torch.int16).numpy().astype("<i2").tobytes()
                for name, store in (dtypes or {}).items()
            },
            dtype=next(iter(dtypes or {}), ""),
            place=place,
        )
        self._describe()

    @property
    def values(self) -> Any:
        """The slice as an array of the numbers that its dtype gives back."""
        plane = np.frombuffer(self.voxels, "<i2").reshape(self.size)[self.slice]
        if not self.dtype:
            return plane
        return np.frombuffer(self.tables[self.dtype], "<i2")[plane.astype(int) - self.lowest]

    @property
    def shades(self) -> UInt8[Tensor, "height width"]:
        """The slice as a screen has it, 0 to 255."""
        share = (torch.tensor(self.values, dtype=torch.float64) - (self.centre - self.width / 2)) / self.width
        return (share.clamp(0, 1) * 255).round().to(torch.uint8)

    @traitlets.observe("slice", "centre", "width", "dtype")
    def _describe(self, _: Any = None) -> None:
        if not self.voxels:
            return
        low, high, values = self.centre - self.width / 2, self.centre + self.width / 2, self.values
        black, white = (values <= low).mean(), (values >= high).mean()
        self.alternative = (
            f"Slice {self.slice + 1} of {self.size[0]}{f', stored as {self.dtype}' if self.dtype else ''}, through a "
            f"window from {low:g} to {high:g} Hounsfield units: {black:.0%} of it is black and {white:.0%} white."
        )

    def still(self) -> str:
        """Draws the slice and its histogram, with the ends of the window."""
        counts, edges = np.histogram(self.values, bins=80, range=(-1100, 2100))
        view = (-1100, 2100, 0.7, 1e5)
        area = Axes(310, 20, 330, 220, view=view, across="Hounsfield units", up="pixels in the slice", logarithmic=True)
        middles = ((edges[:-1] + edges[1:]) / 2).tolist()
        area.line(middles, counts.clip(0.7).tolist(), "stroke:var(--tb-blue);stroke-width:2")
        for end in (self.centre - self.width / 2, self.centre + self.width / 2):
            area.line([end, end], [0.7, 1e5], "stroke:var(--tb-orange);stroke-width:2;stroke-dasharray:5 4")
        scan = image(png_address(Image.fromarray(self.shades.numpy())), 0, 0, 290, 290)
        words = text_element(f"slice {self.slice + 1} of {self.size[0]}", 4, 310)
        return drawing(660, 320, self.alternative, scan, words, area.svg())
