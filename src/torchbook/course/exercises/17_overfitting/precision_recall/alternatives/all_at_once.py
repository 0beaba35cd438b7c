import torch


def precision_recall(batches, threshold):
    if not batches:
        return 0.0, 0.0
    scores = torch.cat([scores for scores, _ in batches])
    labels = torch.cat([labels for _, labels in batches]).bool()
    positive = scores >= threshold
    true_positives = (positive * labels).sum().item()
    false_positives = (positive * ~labels).sum().item()
    false_negatives = (~positive * labels).sum().item()
    return true_positives / max(1, true_positives + false_positives), true_positives / max(
        1, true_positives + false_negatives
    )
