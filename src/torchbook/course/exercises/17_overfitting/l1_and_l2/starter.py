def weight_price(model, l1, l2):
    """What the weights of a model cost: l1 times their absolute values plus l2 times their squares, summed up."""
    raise NotImplementedError
