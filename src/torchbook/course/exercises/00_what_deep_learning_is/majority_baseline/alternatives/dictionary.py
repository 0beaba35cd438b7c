def majority_baseline(labels):
    counts = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    best = 0
    for count in counts.values():
        if count > best:
            best = count
    return best / len(labels)
