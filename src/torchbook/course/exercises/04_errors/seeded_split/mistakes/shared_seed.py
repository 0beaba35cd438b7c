"""The split repeats, but it set a generator that everybody shares: that is what `torch.manual_seed`,
`np.random.seed` and `random.seed` do, and what others draw afterwards is no longer what it was. Make a generator of
your own, `torch.Generator().manual_seed(seed)`, and hand it to `randperm`."""

import torch


def seeded_split(features, labels, test_size, seed):
    torch.manual_seed(seed)
    order = torch.randperm(len(features))
    test, train = order[:test_size], order[test_size:]
    return features[train], labels[train], features[test], labels[test]
