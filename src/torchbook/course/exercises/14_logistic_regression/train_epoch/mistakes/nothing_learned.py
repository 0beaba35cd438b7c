"""The weights are as they were. Without `optimizer.step()` *after* `backward()` nothing moves, and `zero_grad()`
between the two wipes the gradients out."""

import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
