import torch

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("mse_loss", "MSELoss")


@case("some points", repeat=3)
@case("a single point", points=1)
@case("double precision", dtype=torch.float64)
def points(answer, draw, dtype=torch.float32):
    predictions = draw.normal("points", dtype=dtype)
    targets = draw.normal("points", dtype=dtype)
    return answer.mean_squared_error(predictions, targets)


@case("a table of predictions", repeat=2)
def table(answer, draw):
    predictions = draw.normal("points columns")
    targets = draw.normal("points columns")
    return answer.mean_squared_error(predictions, targets)


@case("gradients flow back to the predictions")
def flow(answer, draw):
    predictions = draw.normal("points 1", requires_grad=True)
    targets = draw.normal("points 1")
    loss = answer.mean_squared_error(predictions, targets)
    return {"loss": loss, "gradient of predictions": gradients(loss, predictions)[0]}


@case("a column and a row", shapes=("points 1", "points"))
@case("a row and a column", shapes=("points", "points 1"))
@case("one target for all", shapes=("points", "1"))
def different(answer, draw, shapes):
    predictions = draw.normal(shapes[0])
    targets = draw.normal(shapes[1])
    return answer.mean_squared_error(predictions, targets)
