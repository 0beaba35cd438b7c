import pytest
import torch

from torchbook import TorchbookError, build
from torchbook.models import MODELS


@pytest.mark.parametrize("name", ["linear", "mlp", "cnn"])
@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (1, 28, 28)])
def test_classifiers_give_a_logit_per_class(name, shape):
    assert build(name, sample_shape=shape, outputs=7).eval()(torch.randn(2, *shape)).shape == (2, 7)


def test_resnet9_takes_any_size_from_8():
    model = build("resnet9", channels=3, outputs=10, width=8).eval()
    assert model(torch.randn(2, 3, 32, 32)).shape == model(torch.randn(2, 3, 40, 24)).shape == (2, 10)


def test_resnet9_looks_at_the_mirror_image_too_when_it_is_evaluated():
    model = build("resnet9", channels=3, outputs=4, width=4, mirror=True).eval()
    images = torch.randn(3, 3, 32, 32)
    torch.testing.assert_close(model(images), model(images.flip(-1)))
    torch.testing.assert_close(model(images), (model.logits(images) + model.logits(images.flip(-1))) / 2)
    assert not torch.allclose(model.logits(images), model.logits(images.flip(-1)))
    torch.testing.assert_close(build("resnet9", channels=3, outputs=4, width=4).eval()(images), model.logits(images))


@pytest.mark.parametrize("size", [8, 16, 28, 32, 48, 64, 128])
def test_dcgan_fits_the_picture(size):
    generator = build("conv_generator", sample_shape=(3, size, size), latent=5, width=4)
    discriminator = build("conv_discriminator", sample_shape=(3, size, size), width=4)
    images = generator(torch.randn(2, 5))
    assert images.shape == (2, 3, size, size) and images.abs().max() <= 1
    assert discriminator(images).shape == (2,)


@pytest.mark.parametrize("shape", [(1, 30, 30), (1, 28, 32), (1, 4, 4)])
def test_a_size_that_a_dcgan_cannot_make(shape):
    with pytest.raises(TorchbookError, match="image_size=32"):
        build("conv_generator", sample_shape=shape)


def test_weights_follow_from_the_seed_alone():
    torch.manual_seed(1)
    first = build("mlp", sample_shape=(4,), outputs=2, seed=3)
    drawn = torch.rand(3)
    torch.manual_seed(1)
    assert torch.equal(drawn, torch.rand(3))
    torch.manual_seed(99)
    second = build("mlp", sample_shape=(4,), outputs=2, seed=3)
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))
    assert first.built_from == {"name": "mlp", "arguments": {"sample_shape": (4,), "outputs": 2}}


def test_mistakes_are_named():
    with pytest.raises(TorchbookError, match="did you mean 'resnet9'"):
        build("resnet")
    with pytest.raises(TorchbookError, match="no argument colour=3"):
        build("mlp", sample_shape=(4,), outputs=2, colour=3)


def test_every_name_is_there():
    from importlib import import_module

    for module, attribute in MODELS.values():
        assert callable(getattr(import_module(f"torchbook.models.{module}"), attribute))
