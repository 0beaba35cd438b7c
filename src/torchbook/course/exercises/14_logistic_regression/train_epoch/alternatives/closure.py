import torch


def train_epoch(model, batches, optimizer):
    model.train()
    examples = sum(y.numel() for _, y in batches)
    mean = 0.0
    for x, y in batches:

        def closure(x=x, y=y):
            optimizer.zero_grad()
            logs = torch.log_softmax(model(x), dim=1)
            loss = -logs[torch.arange(y.numel()), y].mean()
            loss.backward()
            return loss

        mean += optimizer.step(closure).item() * y.numel() / examples
    return mean
