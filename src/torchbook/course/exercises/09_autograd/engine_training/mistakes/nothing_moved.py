"""Nothing moves. Either you made new Values, while the layers hold the old ones (change the number inside,
`parameter.data -= ...`), or you set the gradients to 0 *between* `backward` and the step, which threw them away."""

from torchbook.course.earlier import engine_network

Value, network = engine_network.Value, engine_network.network  # what you have built so far


def train(points, labels, layers, learning_rate, epochs):
    parameters = []
    for weights, biases in layers:
        for group in [*weights, biases]:
            parameters.extend(group)
    losses = []
    for _ in range(epochs):
        total = Value(0.0)
        for point, label in zip(points, labels):
            (score,) = network([Value(x) for x in point], layers)
            error = score + Value(-label)
            total = total + error * error
        loss = total * Value(1 / len(points))
        for parameter in parameters:
            parameter.grad = 0.0
        loss.backward()
        for parameter in parameters:
            parameter = Value(parameter.data - learning_rate * parameter.grad)
        losses.append(loss.data)
    return losses
