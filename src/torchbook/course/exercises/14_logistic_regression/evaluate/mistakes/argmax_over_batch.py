"""You asked which example has the largest score for each class. Each row is one example, so look along the classes:
`argmax(dim=1)`."""

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
        right += (scores.argmax(dim=0) == labels).sum().item()
        count += len(labels)
    model.train(was_training)
    return loss / count, right / count
