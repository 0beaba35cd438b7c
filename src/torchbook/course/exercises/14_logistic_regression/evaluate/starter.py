def evaluate(model, batches):
    """Mean loss and accuracy, two floats, over all examples of batches (inputs, labels)."""
    raise NotImplementedError
