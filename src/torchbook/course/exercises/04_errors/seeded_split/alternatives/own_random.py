import random


def seeded_split(features, labels, test_size, seed):
    numbers = list(range(features.shape[0]))
    random.Random(seed).shuffle(numbers)
    cut = len(numbers) - test_size
    parts = []
    for chosen in (numbers[:cut], numbers[cut:]):
        parts.append(features[chosen])
        parts.append(labels[chosen])
    return parts
