import torch


def log_softmax(logits):
    shifted = logits - logits.max(dim=-1, keepdim=True).values
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def nll(log_probabilities, labels):
    picked = torch.gather(log_probabilities, 1, labels.unsqueeze(1))
    return -picked.sum() / len(labels)
