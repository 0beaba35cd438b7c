import torch.nn.functional as F


def fast_epoch(model, optimizer, batches):
    """Trains for one epoch; returns the mean loss of its examples and waits for the device only once."""
    for inputs, labels in batches:
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ...
    raise NotImplementedError
