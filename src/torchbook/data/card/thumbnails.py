"""Examples and distributions as small pictures that stand inside a page: PNG for pixels, SVG for lines and bars."""

from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from torchbook.png import png_address

_LARGEST = 160


def picture(example: Tensor) -> str:
    """A picture `[channels, height, width]` or the middle slice of a volume, as the address of a PNG (`data:`).

    Values that are not uint8 are spread over black to white. Of channels other than one or three, the first is shown.
    """
    pixels = example[:, example.shape[1] // 2] if example.ndim == 4 else example
    pixels = pixels if pixels.shape[0] == 3 else pixels[:1]
    if pixels.dtype != torch.uint8:
        low, high = pixels.min(), pixels.max()
        pixels = ((pixels - low) / (high - low).clamp(min=1e-12) * 255).to(torch.uint8)
    array = pixels.permute(1, 2, 0).numpy()
    image = Image.fromarray(array.squeeze(2) if array.shape[2] == 1 else array)
    image.thumbnail((_LARGEST, _LARGEST))
    return png_address(image)


def histogram(values: Tensor, *, bins: int = 24, width: int = 120, height: int = 28) -> str:
    """Returns how often values occur, as bars in an SVG; few different ones have a bar each."""
    different = values.unique()
    if len(different) <= bins:
        counts = torch.stack([(values == value).sum() for value in different])
    else:
        low, high = np.quantile(values.numpy(), [0.002, 0.998])  # An outlier would press the rest into one bar.
        counts = torch.histc(values.clamp(low, high), bins=bins, min=float(low), max=float(high))
    return _bars(counts.tolist(), width, height)


def _bars(counts: Sequence[int | float], width: int, height: int) -> str:
    step = min(width / len(counts), 24)
    peak = max(counts) or 1
    bars = []
    for i, count in enumerate(counts):
        tall = count / peak * (height - 1) if count else 0
        bars.append(
            f'<rect x="{i * step:.1f}" y="{height - tall:.1f}" width="{max(step - 1, 0.5):.1f}" height="{tall:.1f}"/>'
        )
    return _svg(width, height, f'<g class="bars">{"".join(bars)}</g>')


def scatter(points: Tensor, labels: Tensor, *, side: int = 420) -> str:
    """Points of the plane `[count, 2]`, coloured by class."""
    chosen = points[:2000]
    low, high = chosen.amin(0), chosen.amax(0)
    places = (chosen - low) / (high - low).clamp(min=1e-12) * (side - 20) + 10
    dots = [
        f'<circle cx="{x:.1f}" cy="{side - y:.1f}" r="3" class="c{int(label) % 8}"/>'
        for (x, y), label in zip(places.tolist(), labels[:2000].tolist())
    ]
    return _svg(side, side, "".join(dots))


def line(values: Tensor, *, width: int = 150, height: int = 50) -> str:
    """One value after the other `[steps]`, as a line."""
    low, high = values.min(), values.max()
    heights = height - 3 - (values - low) / (high - low).clamp(min=1e-12) * (height - 6)
    step = width / max(1, len(values) - 1)
    places = " ".join(f"{i * step:.1f},{y:.1f}" for i, y in enumerate(heights.tolist()))
    return _svg(width, height, f'<polyline points="{places}"/>')


def _svg(width: int, height: int, inside: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">{inside}</svg>'
