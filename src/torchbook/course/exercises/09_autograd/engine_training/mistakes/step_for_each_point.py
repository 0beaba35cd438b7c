"""You took a step after each point. This is stochastic descent, and it learns as well, but here an epoch is *one*
step: add up the errors of all points first."""

from torchbook.course.earlier import engine_network

Value, network = engine_network.Value, engine_network.network  # what you have built so far


def train(points, labels, layers, learning_rate, epochs):
    parameters = []
    for weights, biases in layers:
        for group in [*weights, biases]:
            parameters.extend(group)
    losses = []
    for _ in range(epochs):
        seen = 0.0
        for point, label in zip(points, labels):
            (score,) = network([Value(x) for x in point], layers)
            error = score + Value(-label)
            loss = error * error
            for parameter in parameters:
                parameter.grad = 0.0
            loss.backward()
            for parameter in parameters:
                parameter.data -= learning_rate * parameter.grad
            seen += loss.data
        losses.append(seen / len(points))
    return losses
