"""Each step is taken with the gradients of the batch before. First `loss.backward()`, then `optimizer.step()`."""

import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.step()
        optimizer.zero_grad()
        loss.backward()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
