def cross_entropy(logits, labels):
    total = 0
    for row, label in zip(logits, labels):
        top = row.max()
        total = total + top + (row - top).exp().sum().log() - row[label]
    return total / len(labels)
