def train_epoch(model, batches, optimizer):
    """Takes one step of the optimizer for each batch (inputs, labels); returns the mean loss of the examples."""
    raise NotImplementedError
