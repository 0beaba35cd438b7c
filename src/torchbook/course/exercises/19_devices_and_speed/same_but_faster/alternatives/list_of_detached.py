import torch
import torch.nn.functional as F


def fast_epoch(model, optimizer, batches):
    losses, sizes = [], []
    for inputs, labels in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        sizes.append(inputs.shape[0])
    sizes = torch.tensor(sizes, dtype=torch.float32)
    return float((torch.stack(losses) * sizes).sum() / sizes.sum())
