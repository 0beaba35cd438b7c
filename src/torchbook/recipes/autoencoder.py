"""Pictures through two numbers and back."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data import Dataset
from torchbook.data.load import load_images
from torchbook.evaluation import final_test, reconstruction
from torchbook.inference.grid import save_grid
from torchbook.models import build
from torchbook.reporting.plots import scatter
from torchbook.run import Run
from torchbook.training import Task, fit
from torchbook.training.schedules import one_cycle


class Reconstruction(Task):
    """Lets a picture come out as it went in."""

    targets = "inputs"

    def loss(self, batch: tuple[Tensor, Tensor | None]) -> Tensor:
        pictures, _ = batch
        return F.mse_loss(self.model(pictures), pictures)


def autoencoder(
    run: Run, *, data: str = "digits", epochs: int = 30, middle: int = 2, learning_rate: float = 0.03, seed: int = 0
) -> dict:
    """Two networks that squeeze a picture into a few numbers and draw it again, one linear and one convolutional,
    beside the mean picture. Nobody tells them what a digit is; still, the numbers in the middle are a map on which
    equal digits lie together. One picture shows what comes out, one the map.

    Cost: 20 seconds, 500 MB.
    """
    dataset = load_images(data, tasks=(), seed=seed)
    results = []
    for name in ("linear", "convolutional"):
        model = build(f"{name}_autoencoder", sample_shape=dataset.sample_shape, middle=middle, seed=seed)
        batches = dataset.batches("train", size=64, seed=seed)
        optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate)
        schedule, child = one_cycle(epochs * len(batches)), run.child(name)
        task = Reconstruction(model, optimizer, measure=reconstruction, schedule=schedule, choice=run.choice)
        fit(child, task, dataset, batches, epochs=epochs)
        results.append(final_test(child, task, dataset, model=name))
        draw(child, task, dataset)
    return run.finish({"data": data, "runs": results, "seconds": sum(result["seconds"] for result in results)})


def draw(run: Run, task: Task, dataset: Dataset) -> None:
    """Saves eight test pictures above what comes out of them and the mean picture, and the map of all."""
    inputs, labels = dataset.normalize(dataset.test.inputs), dataset.test.labels
    mean = dataset.normalize(dataset.train.some(10_000)).mean(0).expand_as(inputs[:8])
    pixels = dataset.normalize.undone(torch.cat([inputs[:8], task.predict(inputs[:8]).cpu(), mean]))
    save_grid(2 * pixels - 1, run.path / "pictures" / "reconstruction.png")
    places = task.predict(inputs, part="encoder").cpu()
    if labels is not None and places.shape[1] > 1:
        scatter(places[:, :2], labels, names=dataset.card.classes, file=run.path / "pictures" / "map.png")
