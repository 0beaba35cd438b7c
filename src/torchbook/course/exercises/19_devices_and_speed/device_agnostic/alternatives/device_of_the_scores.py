from torch import nn


def weighted_loss(model, inputs, labels, weights):
    for parameter in model.parameters():
        inputs = inputs.to(parameter.device)
        break
    scores = model(inputs)
    criterion = nn.CrossEntropyLoss(weight=scores.new_tensor(weights))
    return criterion(scores, labels.to(scores.device))
