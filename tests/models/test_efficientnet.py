"""EfficientNet-Lite0: the names and shapes of its published weights, how it pads, and what it says of photographs."""

import pytest
import torch
import torch.nn.functional as F

from torchbook import build, load_pretrained
from torchbook.data.augment.transforms import Normalize
from torchbook.inference.predict import picture
from torchbook.models.efficientnet import published_names


@pytest.fixture(scope="module")
def published():
    return load_pretrained("efficientnet_lite0")


def test_published_names_lose_their_underscores():
    names = ("_conv_stem.weight", "_blocks.3._bn1.running_mean", "_fc.bias")
    assert list(published_names(dict.fromkeys(names, torch.zeros(1)))) == [
        "conv_stem.weight",
        "blocks.3.bn1.running_mean",
        "fc.bias",
    ]


def test_it_has_the_published_size_and_fits_the_published_file(published):
    # `load_pretrained` has filled it strictly: no name is missing, none is left over, every shape is the same.
    assert sum(parameter.numel() for parameter in published.parameters()) == 4_652_008
    assert len(published.blocks) == 16 and not published.training
    assert len(published.card["classes"]) == 1000 and published.card["classes"][207] == "golden retriever"


@torch.no_grad()
def test_evaluation_is_what_convolution_and_batch_norm_give_one_after_the_other():
    torch.manual_seed(0)
    model = build("efficientnet_lite0", outputs=3).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
    block, x = model.blocks[1], torch.randn(2, 16, 12, 12)
    y = F.relu6(block.bn0(block.expand_conv(x)))
    # Of twelve places halved to six, the odd row of zeros is below and the odd column right.
    y = F.relu6(block.bn1(F.conv2d(F.pad(y, (0, 1, 0, 1)), block.depthwise_conv.weight, stride=2, groups=96)))
    torch.testing.assert_close(block(x), block.bn2(block.project_conv(y)), atol=1e-4, rtol=1e-4)
    assert model.features(torch.randn(2, 3, 64, 64)).shape == (2, 1280)


def test_in_training_it_learns_its_statistics():
    model = build("efficientnet_lite0", outputs=3).train()
    before = model.bn0.running_mean.clone()
    model(torch.randn(2, 3, 32, 32)).sum().backward()
    assert not torch.equal(before, model.bn0.running_mean) and model.conv_stem.weight.grad is not None


@pytest.mark.slow
@torch.no_grad()
def test_it_recognises_photographs(published, real_files):
    card = published.card
    normalize = Normalize(card["mean"], card["std"])

    def answer(name):
        # Published: the shorter side becomes 256 pixels, and the middle 224 x 224 of it are looked at.
        pixels, _ = picture(real_files / "images" / name, (3, 256, 256))
        shares = published(normalize(pixels[:, :, 16:240, 16:240])).softmax(1)[0]
        return [(card["classes"][int(i)], shares[i].item()) for i in shares.argsort(descending=True)[:3]]

    name, share = answer("bobby.jpg")[0]
    assert name == "golden retriever" and share == pytest.approx(0.86, abs=0.02)
    assert answer("cat1.png")[0][0] == answer("cat3.png")[0][0] == "tabby, tabby cat"
    # The second cat is a "tiger cat" first, the other name of a striped one, and then a tabby.
    assert [name for name, _ in answer("cat2.png")[:2]] == ["tiger cat", "tabby, tabby cat"]
