import torch


def seeded_split(features, labels, test_size, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        order = torch.rand(len(features)).argsort()
    features, labels = features[order], labels[order]
    return features[test_size:], labels[test_size:], features[:test_size], labels[:test_size]
