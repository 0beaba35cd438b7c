import torch.nn.functional as F


def train_epoch(model, batches, optimizer):
    """Takes one step of the optimizer for each batch (inputs, labels); returns the mean loss of the examples."""
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
