"""A deep convolutional GAN."""

from torchbook.data.load import load_images
from torchbook.models import build
from torchbook.recipes.gan import fit_gan, opponents
from torchbook.run import Run


def dcgan(
    run: Run,
    *,
    data: str = "digits",
    image_size: int | None = None,
    epochs: int | None = None,
    batch_size: int = 64,
    latent: int = 64,
    width: int = 32,
    generator_rate: float = 0.0002,
    discriminator_rate: float = 0.0004,
    seed: int = 0,
) -> dict:
    """A GAN whose generator doubles the picture with transposed convolutions and whose discriminator halves it again,
    for squares of 8, 16, 28, 32, 48, 64 or 128 pixels. Spectral norm in the discriminator, a moving average of the
    generator, and a figure: a Fréchet distance on our own classifier's features, with the classes that are covered.

    Cost: 60 seconds, 500 MB.
    """
    dataset = load_images(data, image_size=image_size, tasks=(), seed=seed)
    shape = dataset.sample_shape
    generator = build("conv_generator", sample_shape=shape, latent=latent, width=width, seed=seed)
    discriminator = build("conv_discriminator", sample_shape=shape, width=width, seed=seed + 1)
    task = opponents(generator, discriminator, generator_rate, discriminator_rate, choice=run.choice, seed=seed)
    return fit_gan(run, task, dataset, epochs=epochs, batch_size=batch_size, seed=seed)
