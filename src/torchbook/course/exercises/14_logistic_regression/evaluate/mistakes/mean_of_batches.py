"""You took the mean of the batches, in which an example of a short batch counts more. Add up over all examples and
divide once, by their number."""

import torch
import torch.nn.functional as F


@torch.no_grad()
def evaluate(model, batches):
    was_training = model.training
    model.eval()
    loss, right, count = 0.0, 0, 0
    for inputs, labels in batches:
        scores = model(inputs)
        loss += F.cross_entropy(scores, labels).item()
        right += (scores.argmax(dim=1) == labels).float().mean().item()
        count += 1
    model.train(was_training)
    return loss / count, right / count
