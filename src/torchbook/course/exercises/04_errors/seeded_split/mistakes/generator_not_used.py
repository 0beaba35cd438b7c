"""The split is another one each time, because it comes from a generator that everybody shares: `randperm` draws from
that one unless it is given yours. Say `generator=generator`."""

import torch


def seeded_split(features, labels, test_size, seed):
    order = torch.randperm(len(features))
    test, train = order[:test_size], order[test_size:]
    return features[train], labels[train], features[test], labels[test]
