from torchbook.course.earlier import engine_functions

Value, tanh = engine_functions.Value, engine_functions.tanh  # what you have built so far


def neuron(inputs, weights, bias):
    """The tanh of the weighted sum of a list of Values, plus a bias: one Value."""
    raise NotImplementedError


def layer(inputs, weights, biases):
    """Several neurons that see the same inputs: a list of Values. weights has a list for each neuron."""
    raise NotImplementedError


def network(inputs, layers):
    """Layers one after the other, each a pair of weights and biases: the list of Values that the last one gives."""
    raise NotImplementedError
