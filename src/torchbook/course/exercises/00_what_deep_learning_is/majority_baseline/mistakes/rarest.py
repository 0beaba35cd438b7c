"""You took the *rarest* class. The laziest good answer is the most frequent one: `max` instead of `min`."""


def majority_baseline(labels):
    return min(labels.count(label) for label in labels) / len(labels)
