"""`Kernel`: a picture through a kernel of nine numbers, with the nine products of any pixel."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import traitlets
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor
from torch.nn import functional

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, image, text_element
from torchbook.errors import TorchbookError
from torchbook.png import png_address

MOST = 16_384  # pixels of a picture, which goes to the page as it is
PRESETS: dict[str, list[float]] = {
    "identity": [0, 0, 0, 0, 1, 0, 0, 0, 0],
    "blur": [1 / 9] * 9,
    "sharpen": [0, -1, 0, -1, 5, -1, 0, -1, 0],
    "Sobel →": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
    "Sobel ↓": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
    "Laplace": [0, 1, 0, 1, -4, 1, 0, 1, 0],
}


class Kernel(Picture, parts=("grid.js",)):
    """A grey picture `[height, width]`, and what a kernel of 3 x 3 numbers makes of it.

    The reader chooses one of `pictures`, takes a kernel from the presets or types its numbers, and points at a pixel of
    the result to see its nine products. With `padding` there is a frame of zeros around the picture, and the result is
    as large as it; without, it loses a row or column on each side. `view` says how the results, which may be negative,
    become shades: "stretched" from the lowest to the highest, "cut off" at 0 and 255, or by their "size".

        Kernel({"wall": wall}, kernel="Laplace", spot=(12, 30), place="wall")

    It is a source of values: `picture.result` is `[height, width]`, and `picture.kernel` has the nine numbers.

    Raises:
        TorchbookError: a picture is not `[height, width]`, too small for the kernel, or larger than 16,384 pixels.
    """

    pixels: Any = traitlets.Dict().tag(sync=True)  # for each picture its bytes, or its numbers in float32
    sizes: Any = traitlets.Dict().tag(sync=True)
    name = traitlets.Unicode("").tag(sync=True)
    kernel: Any = traitlets.List(traitlets.Float(), default_value=PRESETS["identity"]).tag(sync=True)
    presets: Any = traitlets.Dict(PRESETS).tag(sync=True)
    padding = traitlets.Bool(False).tag(sync=True)
    view = traitlets.Unicode("stretched").tag(sync=True)
    spot: Any = traitlets.List(traitlets.Int()).tag(sync=True)  # the middle of the nine pixels at first: row and column

    def __init__(
        self,
        pictures: Mapping[str, Tensor],
        *,
        kernel: str = "identity",
        spot: Sequence[int] = (1, 1),
        place: str = "",
    ):
        for name, picture in pictures.items():
            if picture.ndim != 2 or min(picture.shape) < 3 or picture.numel() > MOST:
                raise TorchbookError(
                    f"{name} is {list(picture.shape)}; a kernel goes over [height, width], 3 x 3 to {MOST:,} pixels"
                )
        super().__init__(
            pixels={name: _packed(picture) for name, picture in pictures.items()},
            sizes={name: list(picture.shape) for name, picture in pictures.items()},
            name=next(iter(pictures)),
            kernel=[float(weight) for weight in PRESETS[kernel]],
            spot=list(spot),
            place=place,
        )
        self._describe()

    @property
    def picture(self) -> Float[Tensor, "height width"]:
        """The chosen picture."""
        data, size = self.pixels[self.name], self.sizes[self.name]
        kind = "u1" if len(data) == size[0] * size[1] else "<f4"
        return torch.tensor(np.frombuffer(data, kind).astype("f4").reshape(size))

    @property
    def result(self) -> Float[Tensor, "high wide"]:
        """What the kernel makes of the picture, in double precision."""
        weight = torch.tensor(self.kernel, dtype=torch.float64).view(1, 1, 3, 3)
        return functional.conv2d(self.picture.double()[None, None], weight, padding=int(self.padding))[0, 0]

    @property
    def shades(self) -> UInt8[Tensor, "high wide"]:
        """The result as a screen has it, 0 to 255."""
        low, high = self._ends()
        values = self.result.abs() if self.view == "size" else self.result
        share = (values - low) / (high - low) if high - low > 1e-6 else torch.full_like(values, 0.5)
        return (share.clamp(0, 1) * 255).round().to(torch.uint8)

    def _ends(self) -> tuple[float, float]:
        """Returns the numbers that are drawn black and white."""
        low, high = (end.item() for end in self.result.aminmax())
        return {"stretched": (low, high), "cut off": (0.0, 255.0), "size": (0.0, max(-low, high))}[self.view]

    @traitlets.observe("name", "kernel", "padding", "view")
    def _describe(self, _: Any = None) -> None:
        if self.pixels:
            (high, wide), (low, top) = self.sizes[self.name], (end.item() for end in self.result.aminmax())
            self.alternative = (
                f"{self.name}, {high} by {wide} pixels, and what {self._words()} makes of it: numbers from "
                f"{low:.1f} to {top:.1f}, {self.view}."
            )

    def _words(self) -> str:
        rows = (" ".join(f"{weight:.3g}" for weight in self.kernel[at : at + 3]) for at in (0, 3, 6))
        return f"the kernel {' / '.join(rows)} with the sum {round(sum(self.kernel), 9):.3g}"

    def still(self) -> str:
        """Draws the picture and the result."""
        before, (low, high) = self.picture.clamp(0, 255).round().to(torch.uint8), self._ends()
        lines = [self._words(), f"black is {low:.1f}, white is {high:.1f}"]
        images = (
            image(png_address(Image.fromarray(pixels.numpy())), x, 0, 330, 220, sharp=True)
            for x, pixels in ((0, before), (350, self.shades))
        )
        texts = (text_element(text, 4, 243 + 20 * at) for at, text in enumerate(lines))
        return drawing(680, 270, self.alternative, *images, *texts)


def _packed(picture: Tensor) -> bytes:
    """Returns one byte for each pixel where that loses nothing, and four otherwise."""
    whole = picture.to(torch.uint8)
    return (
        bytes(whole.flatten().tolist())
        if torch.equal(whole.float(), picture.float())
        else picture.float().numpy().astype("<f4").tobytes()
    )
