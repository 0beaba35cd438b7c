"""The same seed gives another split the second time: your generator goes on from wherever it is. Make it *inside*
the function and seed it there, `torch.Generator().manual_seed(seed)`, so that each call starts anew."""

import torch

generator = torch.Generator().manual_seed(0)


def seeded_split(features, labels, test_size, seed):
    order = torch.randperm(len(features), generator=generator)
    test, train = order[:test_size], order[test_size:]
    return features[train], labels[train], features[test], labels[test]
