import torch


@torch.no_grad()
def _update(parameters, learning_rate):
    for p in parameters:
        p.copy_(p - p.grad * learning_rate)


def gradient_descent_step(parameters, loss, learning_rate):
    for p in parameters:
        if p.grad is not None:
            p.grad.zero_()
    loss.backward()
    _update(parameters, learning_rate)
    return loss.detach().numpy().item()
