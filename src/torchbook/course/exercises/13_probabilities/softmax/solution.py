import torch


def softmax(logits):
    """Probabilities of each row. logits: float tensor [batch, classes]."""
    shifted = logits - logits.amax(dim=1, keepdim=True)
    powers = torch.exp(shifted)
    return powers / powers.sum(dim=1, keepdim=True)
