def precision_recall(batches, threshold):
    right, wrong, missed = 0, 0, 0
    for scores, labels in batches:
        for score, label in zip(scores.tolist(), labels.tolist()):
            if score >= threshold and label == 1:
                right += 1
            elif score >= threshold:
                wrong += 1
            elif label == 1:
                missed += 1
    try:
        precision = right / (right + wrong)
    except ZeroDivisionError:
        precision = 0.0
    try:
        recall = right / (right + missed)
    except ZeroDivisionError:
        recall = 0.0
    return precision, recall
