import copy
import math

import torch


def early_stopping(model, train_epoch, validate, epochs, patience):
    best_loss, best_epoch, best_model = math.inf, 0, None
    noted = []
    for epoch in range(1, epochs + 1):
        train_epoch(model)
        noted += [validate(model)]
        if noted[-1] < best_loss:
            best_loss, best_epoch, best_model = noted[-1], epoch, copy.deepcopy(model)
        elif epoch - best_epoch >= patience:
            break
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            tensor.copy_(best_model.state_dict()[name])
    return noted
