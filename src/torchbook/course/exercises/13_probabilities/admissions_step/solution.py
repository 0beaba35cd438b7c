import torch


def admissions_step(inputs, labels, weights, bias, learning_rate):
    """New weights [features] and bias [] after one step of gradient descent on inputs [applicants, features]."""
    probabilities = torch.sigmoid(inputs @ weights + bias)
    difference = probabilities - labels
    weights_slope = inputs.T @ difference / len(labels)
    bias_slope = difference.mean()
    return weights - learning_rate * weights_slope, bias - learning_rate * bias_slope
