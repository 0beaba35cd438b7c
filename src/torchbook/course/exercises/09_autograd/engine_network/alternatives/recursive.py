import operator
from functools import reduce

from torchbook.course.earlier import engine_functions

Value = engine_functions.Value


def neuron(inputs, weights, bias):
    return engine_functions.tanh(reduce(operator.add, map(operator.mul, inputs, weights), bias))


def layer(inputs, weights, biases):
    return tuple(neuron(inputs, *own) for own in zip(weights, biases))


def network(inputs, layers):
    if not layers:
        return inputs
    (weights, biases), *rest = layers
    return network(layer(inputs, weights, biases), rest)
