import pytest
import torch
import torch.nn.functional as F

from torchbook import build
from torchbook.models.speednet import whitening


def pictures(count=200, seed=0):
    """Smooth random pictures, whose neighbouring pixels resemble each other as in photographs."""
    rough = torch.randn(count, 3, 8, 8, generator=torch.Generator().manual_seed(seed))
    return F.interpolate(rough, size=(32, 32), mode="bilinear", align_corners=False)


def test_whitened_patches_are_uncorrelated_and_of_one_size():
    images = pictures()
    seen = F.conv2d(images, whitening(images, floor=0.0))
    values = seen.transpose(0, 1).flatten(1)
    torch.testing.assert_close(torch.cov(values), torch.eye(12), atol=1e-2, rtol=0)


def test_whitening_freezes_the_filters_and_not_the_shift():
    model = build("speednet", channels=3, outputs=4, width=8)
    model.whiten_with(pictures())
    assert not model.patches.weight.requires_grad and model.patches.bias.requires_grad
    assert torch.equal(model.patches.weight[:12], -model.patches.weight[12:])


def test_identity_convolutions_pass_on_what_they_get():
    model = build("speednet", channels=3, outputs=4, width=8)
    second = model.blocks[1][4]
    x = torch.randn(2, 32, 5, 5)
    torch.testing.assert_close(second(x), x)
    plain = build("speednet", channels=3, outputs=4, width=8, identity=False)
    assert (plain.blocks[1][4](x) - x).abs().max() > 0.1


def test_frozen_scales_and_a_first_loss_of_equal_chances():
    model = build("speednet", channels=3, outputs=4, width=8)
    names = [name for name, parameter in model.named_parameters() if not parameter.requires_grad]
    assert len(names) == 6 and all(name.endswith("weight") for name in names)
    loss = F.cross_entropy(model(pictures(40)), torch.arange(40) % 4)
    assert loss.item() == pytest.approx(torch.tensor(4.0).log().item(), abs=0.05)


@pytest.mark.parametrize("size", [24, 28, 32, 40])
def test_pictures_of_several_sizes_are_taken(size):
    model = build("speednet", channels=1, outputs=2, width=4)
    assert model(torch.randn(3, 1, size, size)).shape == (3, 2)


def test_more_views_are_the_mean_and_taken_only_where_unsure():
    images = pictures(60, seed=1)
    models = {
        name: build("speednet", channels=3, outputs=4, width=8, **arguments).eval()
        for name, arguments in {"one": {"views": 1}, "two": {"views": 2, "unsure": 1.0}, "some": {"views": 2}}.items()
    }
    with torch.no_grad():
        for model in models.values():
            model.head.weight.mul_(2000)  # as sure as a trained one
        one, two, some = (models[name](images) for name in ("one", "two", "some"))
        torch.testing.assert_close(two, (one + models["one"](images.flip(-1))) / 2)
        best = one.softmax(1).topk(2).values
        unsure = best[:, 0] - best[:, 1] <= models["some"].unsure
        assert 0 < unsure.sum() < 60
        torch.testing.assert_close(some, torch.where(unsure.unsqueeze(1), two, one))


def test_six_views_do_not_care_about_mirrors_and_give_a_single_picture_the_same():
    model = build("speednet", channels=3, outputs=4, width=8, unsure=1.0).eval()
    images = pictures(5)
    with torch.no_grad():
        logits = model(images)
        torch.testing.assert_close(model(images.flip(-1)), logits, atol=1e-4, rtol=1e-3)
        torch.testing.assert_close(model(images[3:4]), logits[3:4], atol=1e-4, rtol=1e-3)
