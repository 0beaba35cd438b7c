import torch
import torch.nn.functional as F


@torch.no_grad()
def evaluate(model, batches):
    """Mean loss and accuracy, two floats, over all examples of batches (inputs, labels)."""
    was_training = model.training
    model.eval()
    loss, right, count = 0.0, 0, 0
    for inputs, labels in batches:
        scores = model(inputs)
        loss += F.cross_entropy(scores, labels).item() * len(labels)
        right += (scores.argmax(dim=1) == labels).sum().item()
        count += len(labels)
    model.train(was_training)
    return loss / count, right / count
