import torch.nn.functional as F


def binary_cross_entropy(scores, labels):
    right = labels * F.logsigmoid(scores) + (1 - labels) * F.logsigmoid(-scores)
    return -right.sum() / len(labels)
