"""Your share is rounded. Keep all of its digits: rounding is for showing a number, not for computing with it."""

from collections import Counter


def majority_baseline(labels):
    return round(Counter(labels).most_common(1)[0][1] / len(labels), 2)
