def early_stopping(model, train_epoch, validate, epochs, patience):
    """Trains until the validation loss stops getting better, puts the best weights back, and returns the losses."""
    losses = []
    for _ in range(epochs):
        train_epoch(model)
        ...
    return losses
