import torch


def slopes(function, x):
    result = torch.zeros_like(x, requires_grad=False)
    for index, value in enumerate(x.detach().flatten().tolist()):
        point = torch.tensor(value, dtype=x.dtype, requires_grad=True)
        function(point).backward()
        result.view(-1)[index] = point.grad
    return result
