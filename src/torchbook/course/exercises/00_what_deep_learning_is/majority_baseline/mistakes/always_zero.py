"""You always answer class 0. It need not be the most frequent one: count them all and take the largest count."""


def majority_baseline(labels):
    return labels.count(0) / len(labels)
