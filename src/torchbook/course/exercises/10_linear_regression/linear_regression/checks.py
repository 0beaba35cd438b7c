import torch

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("Linear", "linear", "mse_loss", "MSELoss", "SGD", "Adam")


@case("predictions", repeat=2)
@case("predictions of a single row", rows=1)
@case("predictions of one target", targets=1)
@case("predictions of as many targets as features", features=3, targets=3)
@case("predictions in double precision", dtype=torch.float64)
def hypothesis(answer, draw, dtype=torch.float32):
    x = draw.normal("rows features", dtype=dtype)
    weights = draw.normal("targets features", dtype=dtype)
    bias = draw.normal("targets", dtype=dtype)
    return answer.predict(x, weights, bias)


@case("gradients flow through the predictions")
def flow(answer, draw):
    weights = draw.normal("targets features", requires_grad=True)
    bias = draw.normal("targets", requires_grad=True)
    predictions = answer.predict(draw.normal("rows features"), weights, bias)
    slopes = gradients(predictions, weights, bias)
    return {"predictions": predictions, "gradient of weights": slopes[0], "gradient of bias": slopes[1]}


@case("training for one epoch", epochs=1, repeat=2)
@case("training for two epochs", epochs=2)
@case("training for five epochs", epochs=5)
@case("training with a small learning rate", epochs=1, learning_rate=0.001)
@case("training on a single row", epochs=1, rows=1)
@case("training for one target", epochs=1, targets=1)
@case("training for no epoch at all", epochs=0)
def fitting(answer, draw, epochs, learning_rate=0.1):
    x = draw.normal("rows features")
    y = draw.normal("rows targets", mean=1.0)
    weights = draw.normal("targets features", requires_grad=True)
    bias = draw.normal("targets", requires_grad=True)
    losses = answer.train(x, y, weights, bias, learning_rate, epochs)
    return {"losses": losses, "weights": weights, "bias": bias, "weights.is_leaf": weights.is_leaf}


@case("training finds the weights that made the data")
def found(answer, draw):
    x = draw.normal("40 2")
    y = x @ torch.tensor([[1.0, -2.0], [0.5, 3.0]]).T + torch.tensor([4.0, -1.0])
    weights, bias = torch.zeros(2, 2, requires_grad=True), torch.zeros(2, requires_grad=True)
    losses = answer.train(x, y, weights, bias, 1.0, 15)
    return {"the last loss is small": losses[-1] < 1e-2}
