"""You counted how often the most frequent class occurs. The share is that count divided by the number of labels."""

from collections import Counter


def majority_baseline(labels):
    return Counter(labels).most_common(1)[0][1]
