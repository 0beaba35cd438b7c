"""Training and test set are exchanged: `test_size` examples are for the *test*, the larger rest for training."""

import torch


def seeded_split(features, labels, test_size, seed):
    order = torch.randperm(len(features), generator=torch.Generator().manual_seed(seed))
    train, test = order[:test_size], order[test_size:]
    return features[train], labels[train], features[test], labels[test]
