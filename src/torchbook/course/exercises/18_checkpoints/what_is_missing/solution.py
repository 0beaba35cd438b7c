def what_is_missing(model, weights):
    """The names that are missing in the weights, unexpected there, and of another shape than in the model."""
    own = model.state_dict()
    missing = [name for name in own if name not in weights]
    unexpected = [name for name in weights if name not in own]
    misshapen = [name for name in own if name in weights and own[name].shape != weights[name].shape]
    return missing, unexpected, misshapen
