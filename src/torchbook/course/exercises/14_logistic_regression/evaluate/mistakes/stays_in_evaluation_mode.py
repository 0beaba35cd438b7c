"""The model stays in evaluation mode, and the next epoch trains without dropout. Put it back into the mode in which
it came."""

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
    return loss / count, right / count
