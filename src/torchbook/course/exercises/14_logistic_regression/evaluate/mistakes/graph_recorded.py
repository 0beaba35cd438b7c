"""The numbers are right, but autograd recorded a graph of every batch. Nothing is learned here: use
`torch.no_grad()`."""

import torch.nn.functional as F


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
    return loss / count, right / count
