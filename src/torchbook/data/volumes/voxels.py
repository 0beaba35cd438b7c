"""One volume as a scanner or a microscope made it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Volume:
    """Values as float32 `[channel, depth, height, width]`.

    `spacing` is the distance between slices, rows and columns in millimetres, None where the files do not say. `unit`
    is "Hounsfield units" (air -1000, water 0) or "stored values". `notes` says what is odd, for instance missing
    slices, one sentence each; `left_out` names the files that are not in the volume, by the reason. `patient` is what
    the scanner calls whom it saw, "" where the files do not say.
    """

    values: Float[Tensor, "channel depth height width"]
    spacing: tuple[float, float, float] | None
    unit: str
    notes: tuple[str, ...] = ()
    left_out: dict[str, list[str]] = field(default_factory=dict)
    patient: str = ""


def scaled(values: Float[Tensor, "channel depth height width"], size: Sequence[int]) -> Float[Tensor, "channel _ _ _"]:
    """The values on so many voxels in depth, height and width: averaged where there are more, interpolated where there
    are less."""
    smaller = tuple(map(min, size, values.shape[1:]))
    averaged = F.adaptive_avg_pool3d(values[None], smaller)  # type: ignore[arg-type]
    return F.interpolate(averaged, tuple(size), mode="trilinear", align_corners=False)[0]
