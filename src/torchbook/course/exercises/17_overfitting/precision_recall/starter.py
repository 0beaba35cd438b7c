def precision_recall(batches, threshold):
    """The precision and the recall of a detector, over all batches: two floats."""
    raise NotImplementedError
