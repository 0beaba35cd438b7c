"""A network from nothing: matrices, a bend, and slopes by hand. No layer, loss or optimizer of PyTorch, no autograd.

The parameters are a list of tensors, in an order of your choice: weights and biases of all layers.
"""


def start(inputs, hidden, classes, seed):
    """Returns the parameters before training: random weights, the same for the same seed.

    `inputs`, `hidden` and `classes` say how many there are of each.
    """
    raise NotImplementedError


def scores(parameters, pictures):
    """Returns the scores of the classes, `[count, classes]`, for pictures `[count, inputs]`."""
    raise NotImplementedError


def gradients(parameters, pictures, labels):
    """Returns the loss and a list of its gradients, one for each of the parameters and of its shape.

    The loss is the mean cross-entropy of the scores; `labels` are the numbers of the classes, `[count]`.
    """
    raise NotImplementedError


def train(pictures, labels):
    """Returns parameters that have learned from pictures `[count, 784]`, values 0 to 1, and labels 0 to 9."""
    raise NotImplementedError
