"""You took columns of the weights where rows are meant: `weights[0]` belongs to the first *neuron*, and has a number
for each input."""

from torchbook.course.earlier import engine_functions

Value, tanh = engine_functions.Value, engine_functions.tanh  # what you have built so far


def neuron(inputs, weights, bias):
    total = bias
    for x, weight in zip(inputs, weights):
        total = total + weight * x
    return tanh(total)


def layer(inputs, weights, biases):
    """Several neurons that see the same inputs: a list of Values. weights has a list for each neuron."""
    return [neuron(inputs, own, bias) for own, bias in zip(zip(*weights), biases)]


def network(inputs, layers):
    """Layers one after the other, each a pair of weights and biases: the list of Values that the last one gives."""
    for weights, biases in layers:
        inputs = layer(inputs, weights, biases)
    return inputs
