def early_stopping(model, train_epoch, validate, epochs, patience):
    losses, states = [], []
    while len(losses) < epochs:
        train_epoch(model)
        losses.append(validate(model))
        states.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
        best = losses.index(min(losses))
        if len(losses) - 1 - best == patience:
            break
    model.load_state_dict(states[best])
    return losses
