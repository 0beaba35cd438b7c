"""You returned the loss of the last batch. Add up all of them in the loop, each multiplied by the length of its
batch."""

import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return loss.item()
