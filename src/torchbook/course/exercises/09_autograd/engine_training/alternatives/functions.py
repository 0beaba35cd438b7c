from functools import reduce
from operator import add

from torchbook.course.earlier import engine_network

Value = engine_network.Value


def _loss(points, labels, layers):
    errors = []
    for i in range(len(points)):
        inputs = list(map(Value, points[i]))
        errors.append(Value(labels[i]) + Value(-1.0) * engine_network.network(inputs, layers)[0])
    squares = [error * error * Value(1 / len(points)) for error in errors]
    return reduce(add, squares)


def _step(value, learning_rate):
    value.data = value.data - learning_rate * value.grad
    value.grad = 0.0


def train(points, labels, layers, learning_rate, epochs):
    losses = []
    while len(losses) < epochs:
        loss = _loss(points, labels, layers)
        loss.backward()
        for weights, biases in layers:
            for row in weights:
                for weight in row:
                    _step(weight, learning_rate)
            for bias in biases:
                _step(bias, learning_rate)
        losses.append(loss.data)
    return losses
