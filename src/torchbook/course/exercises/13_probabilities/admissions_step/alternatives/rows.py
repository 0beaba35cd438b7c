import torch


def admissions_step(inputs, labels, weights, bias, learning_rate):
    slope_w, slope_b = torch.zeros_like(weights), torch.zeros_like(bias)
    for row, label in zip(inputs, labels):
        error = 1 / (1 + torch.exp(-(row @ weights + bias))) - label
        slope_w = slope_w + error * row / len(inputs)
        slope_b = slope_b + error / len(inputs)
    return weights - learning_rate * slope_w, bias - learning_rate * slope_b
