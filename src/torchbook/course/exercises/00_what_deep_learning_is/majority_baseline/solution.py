def majority_baseline(labels):
    """The share of the labels that are the most frequent one, 0 to 1. labels: a list of ints."""
    counts = [labels.count(label) for label in labels]
    return max(counts) / len(labels)
