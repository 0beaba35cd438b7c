"""Only one batch was seen: the `return` stands inside the loop. Move it four spaces to the left."""

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
        return total / count
    return None
