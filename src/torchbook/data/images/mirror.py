"""Whether pictures keep their class in a mirror: arrows, letters and hands do not."""

import torch
from jaxtyping import Int, Shaped
from torch import Tensor

from torchbook.data.images.duplicates import prints

# So many pictures are looked at, drawn with a fixed seed, at so many pixels a side.
_MOST, _SIDE = 1000, 16
# Mirrored pictures find their own class so much less often, by so many standard deviations of a fair coin.
_SHARE, _DEVIATIONS = 0.7, 3.0


def against_mirroring(
    pictures: Shaped[Tensor, "count channels height width"], labels: Int[Tensor, "count"]
) -> tuple[int, int] | None:
    """Returns how many mirrored pictures look most like one of another class, and of how many, where that says that a
    mirror changes the class; None where it does not.

    The nearest other picture of each is looked for twice, for the picture as it is and mirrored. Where the classes are
    told apart by more than left and right, or not at all by their coarse look, the two find the own class equally often
    (McNemar's test of the pairs that differ).
    """
    if len(pictures) < _DEVIATIONS**2:
        return None
    rows = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))[:_MOST]
    seen = prints(pictures, rows, _SIDE)
    looked_up = prints(pictures[rows].flip(-1), torch.arange(len(rows)), _SIDE)
    # A picture of one colour is near everything.
    usable = seen.any(1)
    seen, looked_up, own = seen[usable], looked_up[usable], labels[rows][usable]
    if len(own) < 2:
        return None
    right = [own[(part @ seen.T).fill_diagonal_(-2).argmax(1)] == own for part in (seen, looked_up)]
    lost, won = int((right[0] & ~right[1]).sum()), int((~right[0] & right[1]).sum())
    if lost - won < _DEVIATIONS * (lost + won) ** 0.5 or right[1].sum() > _SHARE * right[0].sum():
        return None
    return int((~right[1]).sum()), len(own)
