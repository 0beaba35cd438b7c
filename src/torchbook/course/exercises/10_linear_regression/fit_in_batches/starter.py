def evaluate(model, batches):
    """The mean squared error of a model over all samples of all batches, as a float."""
    raise NotImplementedError


def fit(model, batches, validation, learning_rate, epochs):
    """Trains a model with SGD, a step for each batch, and returns the validation loss after each epoch."""
    raise NotImplementedError
