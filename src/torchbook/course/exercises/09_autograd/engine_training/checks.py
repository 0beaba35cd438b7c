from itertools import pairwise

from torchbook.course.cases import case


def random_layers(answer, draw, widths):
    """Layers for `network` with random Values: as many inputs as the first width, as many outputs as the last."""
    layers = []
    for below, above in pairwise(widths):
        weights = [[answer.Value(draw.number(-1.0, 1.0)) for _ in range(below)] for _ in range(above)]
        layers.append((weights, [answer.Value(draw.number(-1.0, 1.0)) for _ in range(above)]))
    return layers


def parameters(layers):
    """The numbers in layers after training."""
    return {
        "weights": [float(weight.data) for weights, _ in layers for row in weights for weight in row],
        "biases": [float(bias.data) for _, biases in layers for bias in biases],
    }


def plain(losses):
    """The losses as numbers, and what they were: an engine's Value keeps its whole graph."""
    kept = any(hasattr(loss, "data") and hasattr(loss, "grad") for loss in losses)
    return {
        "losses": [float(loss.data) if kept else loss for loss in losses],
        "the losses are": "Values" if kept else "plain numbers",
    }


@case("one neuron, one epoch", widths=(2, 1), epochs=1)
@case("one neuron, two epochs", widths=(2, 1), epochs=2)
@case("two layers, one epoch", widths=(2, 3, 1), epochs=1)
@case("two layers, four epochs", widths=(2, 3, 1), epochs=4)
@case("three layers, two epochs", widths=(3, 2, 2, 1), epochs=2)
@case("a single point", widths=(2, 2, 1), epochs=2, count=1)
@case("a small learning rate", widths=(2, 1), epochs=2, learning_rate=0.01)
@case("no epoch at all", widths=(2, 1), epochs=0)
def some_epochs(answer, draw, widths, epochs, count=3, learning_rate=0.2):
    points = [[draw.number() for _ in range(widths[0])] for _ in range(count)]
    labels = [draw.choice([-1.0, 1.0]) for _ in range(count)]
    layers = random_layers(answer, draw, widths)
    losses = answer.train(points, labels, layers, learning_rate, epochs)
    return {**plain(losses), **parameters(layers)}


@case("it learns that exactly one of two is on (XOR)")
def exclusive(answer, draw):
    points = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]]
    numbers = [[[1.0, 0.8], [-0.6, -1.0], [0.3, -0.4]], [0.5, 0.4, 0.1]], [[[0.9, 0.7, 0.2]], [-0.3]]
    layers = [
        ([[answer.Value(weight) for weight in row] for row in weights], [answer.Value(bias) for bias in biases])
        for weights, biases in numbers
    ]
    losses = answer.train(points, [-1.0, 1.0, 1.0, -1.0], layers, 0.5, 40)
    first, last = plain([losses[0], losses[-1]])["losses"]
    return {"first loss": first, "the last loss is small": last < 0.05}
