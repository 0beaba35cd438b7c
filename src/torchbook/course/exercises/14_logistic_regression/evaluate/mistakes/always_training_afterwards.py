"""A model that came in evaluation mode is in training mode now. Remember `model.training` at the beginning and go
back to that."""

import torch
import torch.nn.functional as F


@torch.no_grad()
def evaluate(model, batches):
    model.eval()
    loss, right, count = 0.0, 0, 0
    for inputs, labels in batches:
        scores = model(inputs)
        loss += F.cross_entropy(scores, labels).item() * len(labels)
        right += (scores.argmax(dim=1) == labels).sum().item()
        count += len(labels)
    model.train()
    return loss / count, right / count
