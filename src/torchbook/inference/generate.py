"""New samples from a trained generator."""

from pathlib import Path

from torch import Tensor

from torchbook.errors import TorchbookError
from torchbook.inference.grid import save_grid
from torchbook.inference.predict import load_model
from torchbook.run import Run
from torchbook.training.adversarial import sample


def generate(run: Run, *, count: int = 64, seed: int = 0, file: Path | None = None) -> Tensor:
    """`count` pictures `[count, channels, height, width]` in -1..1, the same ones for the same seed; with `file` also
    as a grid in a PNG file.

    Raises:
        TorchbookError: the run's model generates nothing, or the count is below 1.
    """
    if count < 1:
        raise TorchbookError(f"the count must be 1 or more, got {count}")
    trained = load_model(run)
    if not trained.is_generator:
        raise TorchbookError(f"the run {run.path} ({run.recipe}) is no generator; generate needs a run of gan or dcgan")
    images = sample(trained.model, count, seed=seed, device=trained.choice.device)
    if file is not None:
        save_grid(images, file)
    return images
