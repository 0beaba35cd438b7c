"""`//` divides and throws the fraction away, so that every share below 1 becomes 0. Divide with `/`."""

from collections import Counter


def majority_baseline(labels):
    return float(Counter(labels).most_common(1)[0][1] // len(labels))
