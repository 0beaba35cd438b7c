def mean_squared_error(predictions, targets):
    if predictions.shape != targets.shape:
        raise ValueError("one prediction for each target, please")
    total = 0
    for prediction, target in zip(predictions.reshape(-1), targets.reshape(-1)):
        total = total + (prediction - target) * (prediction - target)
    return total / targets.numel()
