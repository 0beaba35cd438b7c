import torch
from torch import nn

from torchbook.course.grading.cases import case, gradients


def network(draw, features, classes):
    model = nn.Linear(features, classes)
    with torch.no_grad():
        model.weight.copy_(draw.normal(f"{classes} {features}"))
        model.bias.copy_(draw.normal(f"{classes}"))
    return model


@case("all on the CPU", repeat=2)
@case("a batch of one on the CPU", batch=1)
@case("weights that are all alike", same=True)
@case("the model on another device, the data on the CPU", model_on="meta")
@case("the model and the inputs on another device", model_on="meta", inputs_on="meta")
@case("the model and the labels on another device", model_on="meta", labels_on="meta")
@case("the model and the data on another device", model_on="meta", inputs_on="meta", labels_on="meta")
def losses(answer, draw, model_on="cpu", inputs_on="cpu", labels_on="cpu", same=False):
    inputs, labels = draw.normal("batch 5"), draw.integers("batch", 0, 3)
    weights = [2.0] * 3 if same else [draw.number(0.5, 4.0) for _ in range(3)]
    model = network(draw, 5, 3).to(model_on)
    return answer.weighted_loss(model, inputs.to(inputs_on), labels.to(labels_on), weights)


@case("a network of several layers, a ReLU first", model_on="cpu")
@case("a network of several layers on another device", model_on="meta")
def layers(answer, draw, model_on):
    inputs, labels = draw.normal("batch 5"), draw.integers("batch", 0, 3)
    model = nn.Sequential(nn.ReLU(), network(draw, 5, 4), nn.ReLU(), network(draw, 4, 3)).to(model_on)
    return answer.weighted_loss(model, inputs, labels, [1.0, 3.0, 0.5])


@case("the gradient of the weights")
def slopes(answer, draw):
    inputs, labels = draw.normal("batch 5"), draw.integers("batch", 0, 3)
    model = network(draw, 5, 3)
    loss = answer.weighted_loss(model, inputs, labels, [1.0, 3.0, 0.5])
    return gradients(loss, model.weight, model.bias)


@case("where the model is afterwards", model_on="cpu")
@case("where the model on another device is afterwards", model_on="meta")
def stays(answer, draw, model_on):
    inputs, labels = draw.normal("batch 5"), draw.integers("batch", 0, 3)
    model = network(draw, 5, 3).to(model_on)
    answer.weighted_loss(model, inputs, labels, [1.0, 3.0, 0.5])
    return {"device": model.weight.device.type, "in training mode": model.training}
