import torch
from torch import nn


def evaluate(model, batches):
    criterion = nn.CrossEntropyLoss(reduction="sum")
    examples = sum(len(labels) for _, labels in batches)
    mode, total, wrong = model.training, 0, 0
    model.eval()
    for inputs, labels in batches:
        with torch.no_grad():
            scores = model(inputs)
        total += float(criterion(scores, labels))
        predicted = torch.max(scores, 1)[1]
        wrong += int((predicted != labels).count_nonzero())
    if mode:
        model.train()
    return total / examples, 1 - wrong / examples
