import torch


def evaluate(model, batches):
    before = model.training
    model.train(False)
    with torch.inference_mode():
        scores = torch.cat([model(x) for x, _ in batches])
    model.train(before)
    labels = torch.cat([y for _, y in batches])
    logs = torch.log_softmax(scores, dim=1)
    loss = -logs.gather(1, labels[:, None]).mean()
    accuracy = (scores.max(dim=1).indices == labels).float().mean()
    return loss.item(), accuracy.item()
