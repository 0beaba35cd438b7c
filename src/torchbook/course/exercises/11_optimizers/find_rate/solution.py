import math

import torch
import torch.nn.functional as F


def find_rate(model, x, y, rates):
    """The losses of a training whose learning rate grows from step to step; the model is afterwards as it was."""
    before = [parameter.detach().clone() for parameter in model.parameters()]
    losses = []
    for rate in rates:
        loss = F.mse_loss(model(x), y)
        if not math.isfinite(loss.item()) or (losses and loss.item() > 4 * min(losses)):
            break
        losses.append(loss.item())
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= rate * parameter.grad
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), before):
            parameter.copy_(value)
            parameter.grad = None
    return losses
