from torchbook.course.grading.cases import case


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


@case("one neuron, one epoch", epochs=1, learning_rate=0.2, repeat=2)
@case("one neuron, two epochs", epochs=2, learning_rate=0.2)
@case("one neuron and a single point", epochs=1, learning_rate=0.2, points=1)
@case("a small learning rate", epochs=1, learning_rate=0.01)
@case("no epoch at all", epochs=0, learning_rate=0.2)
def one_neuron(answer, draw, epochs, learning_rate):
    points = [list(map(float, row)) for row in draw.uniform("points inputs", -2.0, 2.0)]
    labels = [float(label) for label in draw.integers("points", 0, 2) * 2 - 1]
    weights = [answer.Value(number) for number in map(float, draw.uniform("inputs", -1.0, 1.0))]
    bias = answer.Value(draw.number(-1.0, 1.0))
    layers = [([weights], [bias])]
    losses = answer.train(points, labels, layers, learning_rate, epochs)
    return {**plain(losses), **parameters(layers)}


@case("two layers, one epoch", epochs=1)
@case("two layers, four epochs", epochs=4)
@case("two layers and a single point", epochs=1, points=1)
def two_layers(answer, draw, epochs):
    points = [list(map(float, row)) for row in draw.uniform("points inputs", -2.0, 2.0)]
    labels = [float(label) for label in draw.integers("points", 0, 2) * 2 - 1]
    rows = [[answer.Value(number) for number in map(float, row)] for row in draw.uniform("hidden inputs", -1.0, 1.0)]
    biases = [answer.Value(number) for number in map(float, draw.uniform("hidden", -1.0, 1.0))]
    last = [answer.Value(number) for number in map(float, draw.uniform("hidden", -1.0, 1.0))]
    layers = [(rows, biases), ([last], [answer.Value(draw.number(-1.0, 1.0))])]
    losses = answer.train(points, labels, layers, 0.2, epochs)
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
