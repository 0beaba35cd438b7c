import torch


def momentum_step(weights, gradient, velocity, learning_rate, momentum):
    kept = torch.mul(velocity, momentum)
    step = -learning_rate * kept - learning_rate * gradient
    return torch.add(weights, step), torch.add(kept, gradient)
