from torchbook.course.earlier import engine_network

Value, network = engine_network.Value, engine_network.network  # what you have built so far


def train(points, labels, layers, learning_rate, epochs):
    """Moves the Values in layers so that the network tells points apart, and returns the loss of each epoch."""
    raise NotImplementedError
