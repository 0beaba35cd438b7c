from itertools import pairwise

from torchbook.course.cases import case


def numbers(answer, draw, count):
    """A list of Values."""
    return [answer.Value(draw.number(-1.0, 1.0)) for _ in range(count)]


def table(answer, draw, rows, columns):
    return [numbers(answer, draw, columns) for _ in range(rows)]


def seen(outputs, **values):
    """What came out, and what the gradients are after going backwards from each output times another number."""
    result = {"outputs": [float(output.data) for output in outputs]}
    total = outputs[0]
    for output in outputs[1:]:
        total = total + total * output
    total.backward()
    for name, group in values.items():
        result[f"gradients of {name}"] = [float(value.grad) for value in group]
    return result


@case("a neuron with two inputs", inputs=2, repeat=2)
@case("a neuron with four inputs", inputs=4)
@case("a neuron with one input", inputs=1)
def one(answer, draw, inputs):
    x = numbers(answer, draw, inputs)
    weights = numbers(answer, draw, inputs)
    bias = answer.Value(draw.number(-1.0, 1.0))
    y = answer.neuron(x, weights, bias)
    return seen([y], inputs=x, weights=weights, bias=[bias])


@case("a layer", inputs=2, neurons=3)
@case("a layer of one neuron", inputs=3, neurons=1)
@case("a layer with as many neurons as inputs", inputs=2, neurons=2)
def side_by_side(answer, draw, inputs, neurons):
    x = numbers(answer, draw, inputs)
    weights = table(answer, draw, neurons, inputs)
    biases = numbers(answer, draw, neurons)
    outputs = answer.layer(x, weights, biases)
    return seen(outputs, inputs=x, weights=[weight for row in weights for weight in row], biases=biases)


@case("a network of two layers", widths=(2, 3, 1))
@case("a network of three layers", widths=(3, 2, 4, 2))
@case("a network that is as wide everywhere", widths=(2, 2, 2))
def in_a_row(answer, draw, widths):
    x = numbers(answer, draw, widths[0])
    layers = []
    for below, above in pairwise(widths):
        layers.append((table(answer, draw, above, below), numbers(answer, draw, above)))
    outputs = answer.network(x, layers)
    weights = [weight for rows, _ in layers for row in rows for weight in row]
    return seen(outputs, inputs=x, weights=weights, biases=[bias for _, biases in layers for bias in biases])
