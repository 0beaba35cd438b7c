def what_is_missing(model, weights):
    missing, misshapen = [], []
    left = dict(weights)
    for name, tensor in model.state_dict().items():
        if name not in left:
            missing.append(name)
            continue
        if left.pop(name).size() != tensor.size():
            misshapen.append(name)
    return missing, list(left), misshapen
