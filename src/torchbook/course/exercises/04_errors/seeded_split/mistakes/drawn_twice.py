"""Some examples are in both parts, or twice, and others in none: `randint` draws each number anew, and so does a
second `randperm`. Cut *one* `randperm` in two."""

import torch


def seeded_split(features, labels, test_size, seed):
    generator = torch.Generator().manual_seed(seed)
    train = torch.randint(len(features), (len(features) - test_size,), generator=generator)
    test = torch.randint(len(features), (test_size,), generator=generator)
    return features[train], labels[train], features[test], labels[test]
