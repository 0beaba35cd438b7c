"""A first GAN: two dense networks and handwritten digits."""

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from torchbook.data import Dataset
from torchbook.data.load import load_images
from torchbook.device import Choice
from torchbook.evaluation import evaluate, final_test
from torchbook.evaluation.frechet import SAMPLES, floor, judge
from torchbook.inference.grid import save_grid
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Adversarial, train
from torchbook.training.autotune import tune
from torchbook.training.fit import describe


def gan(
    run: Run,
    *,
    data: str = "digits",
    image_size: int | None = None,
    epochs: int | None = None,
    batch_size: int = 64,
    latent: int = 64,
    hidden: int = 256,
    generator_rate: float = 0.0002,
    discriminator_rate: float = 0.0004,
    seed: int = 0,
) -> dict:
    """Two dense networks against each other: a generator that draws digits from noise and a discriminator that tells
    them from real ones. Spectral norm keeps the discriminator gentle, samples come from a moving average of the
    generator. A Fréchet distance on our own classifier's features and the classes that are covered say how good it is.

    Cost: 20 seconds, 500 MB.
    """
    dataset = load_images(data, image_size=image_size, tasks=(), seed=seed)
    shape = dataset.sample_shape
    generator = build("dense_generator", sample_shape=shape, latent=latent, hidden=hidden, seed=seed)
    discriminator = build("dense_discriminator", sample_shape=shape, hidden=hidden, seed=seed + 1)
    choice = run.choice.in_float32()
    task = opponents(generator, discriminator, generator_rate, discriminator_rate, choice=choice, seed=seed)
    return fit_gan(run, task, dataset, epochs=epochs, batch_size=batch_size, seed=seed)


def opponents(
    generator: nn.Module,
    discriminator: nn.Module,
    generator_rate: float,
    discriminator_rate: float,
    *,
    choice: Choice,
    seed: int = 0,
) -> Adversarial:
    """The two networks with an Adam each that forgets fast, as both networks change all the time."""
    optimizers = (
        torch.optim.Adam(network.parameters(), lr=rate, betas=(0.5, 0.99), fused=True)
        for network, rate in ((generator, generator_rate), (discriminator, discriminator_rate))
    )
    return Adversarial(generator, discriminator, *optimizers, seed=seed, choice=choice)


# Enough for the embedded digits; larger sets need more, but at least twenty epochs.
UPDATES = 3000


def in_gan_range(dataset: Dataset) -> Dataset:
    """The same data set, normalised to -1..1 instead of by its statistics."""
    channels = dataset.sample_shape[0]
    return replace(dataset, card=replace(dataset.card, mean=(0.5,) * channels, std=(0.5,) * channels))


def fit_gan(
    run: Run,
    task: Adversarial,
    dataset: Dataset,
    *,
    epochs: int | None,
    batch_size: int,
    seed: int = 0,
    judged: int = 10,
    samples: int = SAMPLES,
) -> dict[str, Any]:
    """Trains a GAN; judges it and saves a grid of the same 64 latent vectors `judged` times on the way.

    Without `epochs` it makes about 3,000 updates, and 20 epochs at least. A long training of a run that may be tuned
    begins with a trial of how many threads are fastest.

    The result compares `samples` pictures with the real test set, and has the distance of the real training set from it
    as the `floor`.
    """
    own_judge = judge(dataset)
    task.judge = own_judge
    in_range = in_gan_range(dataset)
    valid = in_range.batches("valid", size=1000)
    size = min(batch_size, len(dataset.train))
    batches = in_range.batches("train", size=size, seed=seed, drop_last=True)
    epochs = epochs or max(20, UPDATES // len(batches))
    tune(run, task, batches, epochs=epochs)
    when = max(1, epochs // judged)
    for report in train(task, batches, epochs=epochs, run=run):
        if report.epoch == 1 or report.epoch % when == 0 or report.epoch == epochs:
            run.log(report, evaluate(task, valid))
            describe(run, task, in_range)
            save_grid(task.generate(64), run.path / "pictures" / f"epoch-{report.epoch:04}.png")
    task.samples = samples
    return final_test(run, task, in_range, floor=floor(own_judge, dataset), samples=samples)
