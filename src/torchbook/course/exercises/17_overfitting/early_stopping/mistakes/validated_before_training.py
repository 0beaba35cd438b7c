from copy import deepcopy


def early_stopping(model, train_epoch, validate, epochs, patience):
    losses = []
    best, best_state, waited = None, None, 0
    for _ in range(epochs):
        loss = validate(model)
        train_epoch(model)
        losses.append(loss)
        if best is None or loss < best:
            best, waited = loss, 0
            best_state = deepcopy(model.state_dict())
        else:
            waited += 1
            if waited >= patience:
                break
    model.load_state_dict(best_state)
    return losses
