import torch
from torch import nn

criterion = nn.MSELoss(reduction="sum")


@torch.no_grad()
def evaluate(model, batches):
    squares = sum(criterion(model(x), y) for x, y in batches)
    count = sum(y.numel() for _, y in batches)
    return float(squares / count)


def fit(model, batches, validation, learning_rate, epochs):
    optimizer = torch.optim.SGD(model.parameters(), learning_rate)
    history = []
    while len(history) < epochs:
        for inputs, targets in batches:
            (criterion(model(inputs), targets) / targets.numel()).backward()
            optimizer.step()
            optimizer.zero_grad()
        history += [evaluate(model, validation)]
    return history
