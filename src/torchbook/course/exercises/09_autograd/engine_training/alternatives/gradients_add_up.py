from itertools import chain

from torchbook.course.earlier import engine_network

Value, network = engine_network.Value, engine_network.network


def train(points, labels, layers, learning_rate, epochs):
    """backward for each point: that gradients add up is of use here."""
    parameters = [*chain.from_iterable(chain(*weights, biases) for weights, biases in layers)]
    losses = []
    for _ in range(epochs):
        mean = 0.0
        for parameter in parameters:
            parameter.grad = 0.0
        for point, label in zip(points, labels):
            error = network([Value(x) for x in point], layers)[0] + Value(-label)
            share = error * error * Value(1 / len(points))
            share.backward()
            mean += share.data
        for parameter in parameters:
            parameter.data += -learning_rate * parameter.grad
        losses.append(mean)
    return losses
