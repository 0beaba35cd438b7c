"""The features that a backbone makes of pictures, computed once and kept under `TORCHBOOK_HOME`."""

import contextlib
import errno
import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from torchbook.data.augment.transforms import Normalize
from torchbook.data.batches import at_once
from torchbook.device import Choice
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.models.transfer import Transfer
from torchbook.storage import digest, write_atomically
from torchbook.tensor_file import read_tensors, tensors_content

# What is kept of all backbones and pictures together, in bytes; what was not used for longest goes first.
MOST_KEPT = 500_000_000
# So many portions that are computed at once make one file.
PORTIONS = 10
# The features of one split in memory, in bytes; a fit needs two to three times as much.
MOST_IN_MEMORY = 1_200_000_000


def features(
    model: Transfer,
    pictures: UInt8[Tensor, "count channels height width"],
    *,
    normalize: Normalize,
    choice: Choice,
    sha256: str | None,
    any_order: bool = False,
) -> Float[Tensor, "count looks features"]:
    """Returns the features of each look at each stored picture, on the CPU.

    They are kept in files of some hundred pictures by what they follow from: the pixels, the normalisation, the number
    format, the looks, and the `sha256` of the backbone's file; with None nothing is kept. With `any_order` the same
    pictures in another order are found again, though the last bits may then follow from that order. A person sees how
    far it is.
    A disk that is full costs only that they must be computed again.

    Raises:
        TorchbookError: they don't fit into `MOST_IN_MEMORY`, or are not finite.
    """
    from rich.console import Console
    from rich.progress import Progress

    looks, width = 1 + model.mirror, model.head.in_features
    most = MOST_IN_MEMORY // (4 * looks * width)
    if len(pictures) > most:
        raise TorchbookError(
            f"{len(pictures):,} pictures make {4e-9 * len(pictures) * looks * width:.3g} GB of features, more than the "
            f"{MOST_IN_MEMORY / 1e9:.3g} GB that finetune holds; take at most {most:,} pictures in all, "
            f"with fewer of each class (pictures_per_class)"
        )
    order = torch.arange(len(pictures))
    if any_order:
        order = torch.tensor(sorted(range(len(pictures)), key=lambda row: digest(pictures[row].numpy().tobytes())))
    size = at_once(tuple(pictures.shape[1:])) * PORTIONS
    console = Console(file=sys.stderr)
    made = torch.empty(len(pictures), looks, width)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bar = progress.add_task(f"features of {len(pictures):,} pictures", total=len(pictures))
        for numbers in order.split(size):
            # A block at a time: in another order, all would be a second copy of the pictures.
            block = pictures[numbers]
            file = None if sha256 is None else _file(model, block, normalize, choice, sha256)
            rows = None if file is None else _kept(file)
            if rows is None or rows.shape != (len(block), looks, width):
                rows = _computed(model, block, normalize, choice, lambda count: progress.advance(bar, count))
                if not rows.isfinite().all():
                    raise TorchbookError(
                        "the backbone makes NaN or infinity of these pictures, so its weights are damaged; "
                        "take another file for --backbone"
                    )
                if file is not None:
                    _keep(file, rows)
            else:
                progress.advance(bar, len(block))
            made[numbers] = rows
    return made


@torch.no_grad()
def _computed(model: Transfer, block: Tensor, normalize: Normalize, choice: Choice, done: Any) -> Tensor:
    parts = []
    for part in block.split(at_once(tuple(block.shape[1:]))):
        with choice.autocast():
            parts.append(torch.stack(model.looks(normalize(part.to(choice.torch_device))), dim=1).cpu())
        done(len(part))
    return torch.cat(parts)


def _file(model: Transfer, block: Tensor, normalize: Normalize, choice: Choice, sha256: str) -> Path:
    pixels = digest(block.contiguous().numpy().tobytes())
    about = [sha256, list(block.shape), pixels, normalize.mean.tolist(), normalize.std.tolist(), model.mirror]
    key = digest(json.dumps([*about, choice.number_format, choice.device]).encode())[:24]
    return home() / "features" / f"{key}.safetensors"


def _kept(file: Path) -> Tensor | None:
    """The features in a file, or None where there is none that is whole."""
    try:
        rows = read_tensors(file.read_bytes(), file)["features"]
        os.utime(file)
    except (OSError, KeyError, TorchbookError):
        return None
    return rows


def _keep(file: Path, rows: Tensor) -> None:
    """Writes a file and makes room for it; where the disk has none, that is said and nothing else happens."""
    content = tensors_content({"features": rows})
    try:
        _make_room(file.parent, MOST_KEPT - len(content))
        write_atomically(file, content, sync=False)
    except OSError as error:
        why = "the disk is full" if error.errno == errno.ENOSPC else (error.strerror or str(error))
        _say_once(f"the features are not kept in {file.parent} ({why}): the next run computes them again")


@functools.cache
def _say_once(message: str) -> None:
    print(message, file=sys.stderr)


def _make_room(folder: Path, most: int) -> None:
    kept = []
    for file in folder.glob("*.safetensors"):
        with contextlib.suppress(OSError):  # another process has just removed it
            about = file.stat()
            kept.append((about.st_mtime, about.st_size, file))
    total = sum(size for _, size, _ in kept)
    for _, size, file in sorted(kept):
        if total <= most:
            return
        file.unlink(missing_ok=True)
        total -= size
