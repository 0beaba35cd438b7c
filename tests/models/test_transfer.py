"""Which layers of a backbone are trained, and the mean of the weights before and after."""

import torch

from torchbook import build
from torchbook.models.transfer import FIXED


def transfer():
    backbone = {"name": "cnn", "arguments": {"sample_shape": [1, 8, 8], "outputs": 10, "width": 8}}
    features = build("cnn", **backbone["arguments"])
    linear = [module for module in features.modules() if isinstance(module, torch.nn.Linear)][-1]
    return build("transfer", backbone=backbone, features=linear.in_features, outputs=3, mirror=False)


def test_the_first_layers_are_fixed_and_the_others_get_gradients():
    model = transfer()
    trained = model.unfreeze()
    model(torch.rand(4, 1, 8, 8)).square().sum().backward()
    parameters = list(model.body.parameters())
    fixed = [parameter for parameter in parameters if parameter.grad is None]
    assert fixed and [*map(id, fixed), *map(id, trained)] == [*map(id, parameters)]
    total = sum(parameter.numel() for parameter in parameters)
    without_last = sum(parameter.numel() for parameter in fixed[:-1])
    assert without_last < FIXED * total <= sum(parameter.numel() for parameter in fixed)


def test_the_mean_of_the_weights_is_halfway():
    model = transfer()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(2.0)
    model.average(before)
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.detach(), before[name] + 1)
