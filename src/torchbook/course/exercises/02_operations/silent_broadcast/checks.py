import torch
import torch.nn.functional as F

from torchbook.course.grading.cases import case


def one_by_one(outputs, targets, weights, spread):
    """Returns the losses from sums over the examples, without any broadcasting."""
    n, k = outputs.shape
    errors = [[outputs[i, j] - targets[i, j] for j in range(k)] for i in range(n)]
    middles = [sum(row) / k for row in errors]
    return {
        "squared": F.mse_loss(outputs, targets),
        "scaled": sum((errors[i][j] / spread[j]) ** 2 for i in range(n) for j in range(k)) / (n * k),
        "first": F.l1_loss(outputs[:, 0], targets[:, 0]),
        "centred": sum((errors[i][j] - middles[i]) ** 2 for i in range(n) for j in range(k)) / (n * k),
        "weighted": sum(weights[i] * sum(error**2 for error in errors[i]) / k for i in range(n)) / n,
    }


def alone(loss):
    """Returns a tensor that holds a single number with the shape [], as [1] and [1, 1] hold one as well."""
    return loss.reshape(()) if isinstance(loss, torch.Tensor) and loss.numel() == 1 else loss


REFERENCE = {"five_losses": one_by_one}


@case("a batch of some examples and some columns", repeat=3)
@case("as many examples as columns", n=3, k=3)
@case("two examples", n=2)
@case("a batch of one", n=1)
@case("a single column", k=1)
@case("double precision", dtype=torch.float64)
def batches(answer, draw, dtype=torch.float32):
    outputs, targets = draw.normal("n k", std=3.0, dtype=dtype), draw.normal("n k", std=3.0, dtype=dtype)
    weights, spread = draw.uniform("n", 0.1, 5.0, dtype=dtype), draw.uniform("k", 0.5, 4.0, dtype=dtype)
    losses = answer.five_losses(outputs, targets, weights, spread)
    if not isinstance(losses, dict):
        return losses
    return {name: alone(loss) for name, loss in losses.items()}
