def weight_price(model, l1, l2):
    """What the weights of a model cost: l1 times their absolute values plus l2 times their squares, summed up."""
    weights = [parameter for parameter in model.parameters() if parameter.ndim >= 2]
    absolute = sum(weight.abs().sum() for weight in weights)
    squares = sum(weight.square().sum() for weight in weights)
    return l1 * absolute + l2 * squares
