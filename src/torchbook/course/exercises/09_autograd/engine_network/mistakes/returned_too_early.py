"""Your network stops after its first layer, because the `return` stands inside the loop. Move it to the left, to where
the `for` begins."""

from torchbook.course.earlier import engine_functions

Value, tanh = engine_functions.Value, engine_functions.tanh  # what you have built so far


def neuron(inputs, weights, bias):
    total = bias
    for x, weight in zip(inputs, weights):
        total = total + weight * x
    return tanh(total)


def layer(inputs, weights, biases):
    """Several neurons that see the same inputs: a list of Values. weights has a list for each neuron."""
    return [neuron(inputs, own, bias) for own, bias in zip(weights, biases)]


def network(inputs, layers):
    """Layers one after the other, each a pair of weights and biases: the list of Values that the last one gives."""
    for weights, biases in layers:
        return layer(inputs, weights, biases)
    return inputs
