from statistics import mode


def majority_baseline(labels):
    common = mode(labels)
    right = sum(1 for label in labels if label == common)
    return right / len(labels)
