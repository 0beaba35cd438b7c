from torchbook.course.earlier import engine_functions

Value = engine_functions.Value


def neuron(inputs, weights, bias):
    total = Value(0.0)
    for i in range(len(inputs)):
        total = total + inputs[i] * weights[i]
    return engine_functions.tanh(total + bias)


def layer(inputs, weights, biases):
    outputs = []
    for i in range(len(biases)):
        outputs.append(neuron(inputs, weights[i], biases[i]))
    return outputs


def network(inputs, layers):
    for one in layers:
        inputs = layer(inputs, *one)
    return inputs
