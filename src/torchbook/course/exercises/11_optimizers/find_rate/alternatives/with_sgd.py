import copy

import torch
from torch import nn


def find_rate(model, x, y, rates):
    state = copy.deepcopy(model.state_dict())
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    criterion, losses, best = nn.MSELoss(), [], float("inf")
    for rate in rates:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        if not torch.isfinite(loss) or loss > 4 * best:
            break
        best = min(best, loss.item())
        losses.append(float(loss))
        loss.backward()
        optimizer.step()
    model.load_state_dict(state)
    optimizer.zero_grad()
    return losses
