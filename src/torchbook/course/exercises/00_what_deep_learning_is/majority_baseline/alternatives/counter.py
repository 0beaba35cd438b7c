from collections import Counter


def majority_baseline(labels):
    _, often = Counter(labels).most_common(1)[0]
    return often / len(labels)
