def precision_recall(batches, threshold):
    """The precision and the recall of a detector, over all batches: two floats."""
    hits, called, positive = 0, 0, 0
    for scores, labels in batches:
        predicted = scores >= threshold
        hits += (predicted & (labels == 1)).sum().item()
        called += predicted.sum().item()
        positive += (labels == 1).sum().item()
    precision = hits / called if called else 0.0
    recall = hits / positive if positive else 0.0
    return precision, recall
