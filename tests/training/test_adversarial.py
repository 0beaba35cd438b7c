import copy

import pytest
import torch

from torchbook import Adversarial, Batches, TorchbookError, build, train


def parts(**options):
    generator = build("dense_generator", sample_shape=(1, 8, 8), latent=4, hidden=16)
    discriminator = build("dense_discriminator", sample_shape=(1, 8, 8), hidden=16)
    return Adversarial(
        generator,
        discriminator,
        torch.optim.Adam(generator.parameters(), lr=1e-3),
        torch.optim.Adam(discriminator.parameters(), lr=1e-3),
        **options,
    )


def real(count=64):
    return Batches(torch.rand(count, 1, 8, 8) * 2 - 1, size=16, shuffle=True)


def test_the_generator_step_does_not_train_the_discriminator():
    task = parts()
    before = copy.deepcopy(task.discriminator.state_dict())
    task._update_generator(task.generator(torch.randn(8, 4)))
    trained = {name for name, _ in task.discriminator.named_parameters()}
    after = task.discriminator.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in trained)
    assert all(p.requires_grad and p.grad is None for p in task.discriminator.parameters())


def test_the_discriminator_step_does_not_train_the_generator():
    task = parts()
    before = copy.deepcopy(list(task.generator.parameters()))
    fake = task.generator(torch.randn(8, 4))
    task._update_discriminator(next(iter(real()))[0], fake.detach())
    assert all(torch.equal(a, b) for a, b in zip(before, task.generator.parameters(), strict=True))


def test_the_losses_are_binary_cross_entropy():
    task = parts()
    images, latent = next(iter(real()))[0], torch.randn(16, 4)
    task.discriminator.eval()  # spectral norm takes a step of its own at each look in training
    with torch.no_grad():
        fake = task.generator(latent)
        on_real, on_fake = task.discriminator(images), task.discriminator(fake)
    bce = torch.nn.functional.binary_cross_entropy_with_logits
    expected = bce(on_real, torch.ones(16)) + bce(on_fake, torch.zeros(16))
    torch.testing.assert_close(task._update_discriminator(images, fake)[0], expected)


def test_the_same_seed_gives_the_same_samples():
    task = parts()
    assert torch.equal(task.generate(5, seed=1), task.generate(5, seed=1))
    assert not torch.equal(task.generate(5, seed=1), task.generate(5, seed=2))
    assert task.generate(2).abs().max() <= 1


def test_the_average_follows_the_generator():
    task = parts(average=0.5)
    for _ in train(task, real(), epochs=2):
        pass
    mean, value = next(task.averaged.parameters()), next(task.generator.parameters())
    assert not torch.equal(mean, value) and (mean - value).abs().mean() < value.abs().mean()


@pytest.mark.parametrize("rate", [0.0])
def test_a_learning_rate_of_zero_is_refused(rate):
    task = parts()
    with pytest.raises(TorchbookError, match="above 0"):
        Adversarial(
            task.generator,
            task.discriminator,
            torch.optim.SGD(task.generator.parameters(), lr=rate),
            torch.optim.SGD(task.discriminator.parameters(), lr=1.0),
        )
