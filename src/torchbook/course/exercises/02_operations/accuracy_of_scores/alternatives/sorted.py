import numpy as np


def accuracy(scores, labels):
    best = np.argsort(-scores.numpy(), axis=-1)[:, 0]
    return float(np.mean(best == labels.numpy()))
