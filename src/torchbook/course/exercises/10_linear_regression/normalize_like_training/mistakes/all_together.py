"""You took the mean over all three sets, so the test set has shaped what the model learns from. The training set alone
decides."""

import torch


def normalize(training, validation, test):
    everything = torch.cat([training, validation, test])
    mean = everything.mean(dim=0)
    std = everything.std(dim=0, correction=0)
    std[std == 0] = 1.0
    return tuple((table - mean) / std for table in (training, validation, test))
