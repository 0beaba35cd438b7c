from torchbook.course.grading.cases import case


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


@case("a neuron with three inputs", repeat=2)
@case("a neuron with one input", inputs=1)
def one(answer, draw):
    x = [answer.Value(number) for number in map(float, draw.uniform("inputs", -1.0, 1.0))]
    weights = [answer.Value(number) for number in map(float, draw.uniform("inputs", -1.0, 1.0))]
    bias = answer.Value(draw.number(-1.0, 1.0))
    y = answer.neuron(x, weights, bias)
    return seen([y], inputs=x, weights=weights, bias=[bias])


@case("a layer")
@case("a layer of one neuron", neurons=1)
@case("a layer with as many neurons as inputs", inputs=2, neurons=2)
def side_by_side(answer, draw):
    x = [answer.Value(number) for number in map(float, draw.uniform("inputs", -1.0, 1.0))]
    weights = [
        [answer.Value(number) for number in map(float, row)] for row in draw.uniform("neurons inputs", -1.0, 1.0)
    ]
    biases = [answer.Value(number) for number in map(float, draw.uniform("neurons", -1.0, 1.0))]
    outputs = answer.layer(x, weights, biases)
    return seen(outputs, inputs=x, weights=[weight for row in weights for weight in row], biases=biases)


@case("a network of two layers")
@case("a network with one output", outputs=1)
@case("a network that is as wide everywhere", inputs=2, hidden=2, outputs=2)
def two_layers(answer, draw):
    x = [answer.Value(number) for number in map(float, draw.uniform("inputs", -1.0, 1.0))]
    first = [[answer.Value(number) for number in map(float, row)] for row in draw.uniform("hidden inputs", -1.0, 1.0)]
    first_biases = [answer.Value(number) for number in map(float, draw.uniform("hidden", -1.0, 1.0))]
    last = [[answer.Value(number) for number in map(float, row)] for row in draw.uniform("outputs hidden", -1.0, 1.0)]
    last_biases = [answer.Value(number) for number in map(float, draw.uniform("outputs", -1.0, 1.0))]
    outputs = answer.network(x, [(first, first_biases), (last, last_biases)])
    weights = [weight for row in first + last for weight in row]
    return seen(outputs, inputs=x, weights=weights, biases=first_biases + last_biases)


@case("three layers of one neuron each")
def in_a_row(answer, draw):
    x = answer.Value(draw.number(-1.0, 1.0))
    weights = [answer.Value(number) for number in map(float, draw.uniform("3", -1.0, 1.0))]
    biases = [answer.Value(number) for number in map(float, draw.uniform("3", -1.0, 1.0))]
    outputs = answer.network([x], [([[weight]], [bias]) for weight, bias in zip(weights, biases)])
    return seen(outputs, inputs=[x], weights=weights, biases=biases)
