import torch

from torchbook.course.earlier import perceptron_step

step = perceptron_step.perceptron_step  # the learner's own, once it has passed


def a_round(inputs, labels, rate, weights, bias, before):
    key = str([*weights.tolist(), bias.item()])
    if key in before:
        raise ValueError("not separable")
    for i in range(inputs.shape[0]):
        weights, bias = step(inputs[i], labels[i].item(), weights, bias, rate)
    wrong = ((inputs.mv(weights) + bias).ge(0) != labels.bool()).sum()
    if wrong == 0:
        return weights, bias
    return a_round(inputs, labels, rate, weights, bias, before | {key})


def perceptron(inputs, labels, rate):
    return a_round(inputs, labels, rate, torch.zeros(inputs.shape[1]), torch.zeros(()), frozenset())
