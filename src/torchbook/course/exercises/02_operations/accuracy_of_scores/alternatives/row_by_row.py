def accuracy(scores, labels):
    right = 0
    for row, label in zip(scores.tolist(), labels.tolist()):
        if row.index(max(row)) == label:
            right += 1
    return right / len(labels)
