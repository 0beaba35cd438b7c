"""You return per cent. Asked for is the share itself, between 0 and 1: leave out the 100."""

from collections import Counter


def majority_baseline(labels):
    return 100 * Counter(labels).most_common(1)[0][1] / len(labels)
