import numpy as np
import torch


def seeded_split(features, labels, test_size, seed):
    chosen = np.random.default_rng(seed).choice(len(labels), size=test_size, replace=False)
    is_test = torch.zeros(len(labels), dtype=torch.bool)
    is_test[torch.from_numpy(chosen)] = True
    return features[~is_test], labels[~is_test], features[is_test], labels[is_test]
