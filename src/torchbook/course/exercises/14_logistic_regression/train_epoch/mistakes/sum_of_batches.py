"""You returned the sum of the losses of the batches. Divide: by the number of examples, each loss multiplied by the
length of its batch."""

import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    model.train()
    total, count = 0.0, 0
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
        count += len(labels)
    return total
