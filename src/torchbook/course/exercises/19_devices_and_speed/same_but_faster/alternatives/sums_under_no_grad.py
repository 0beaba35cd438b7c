import torch
from torch import nn


def fast_epoch(model, optimizer, batches):
    total = torch.zeros((), dtype=torch.float64)
    count = 0
    each = nn.CrossEntropyLoss(reduction="none")
    for inputs, labels in batches:
        losses = each(model(inputs), labels)
        model.zero_grad()
        losses.mean().backward()
        optimizer.step()
        with torch.no_grad():
            total += losses.sum()
        count += labels.numel()
    return total.item() / count
