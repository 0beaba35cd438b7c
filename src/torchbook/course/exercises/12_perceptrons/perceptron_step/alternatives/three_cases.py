def perceptron_step(x, label, weights, bias, rate):
    total = (weights * x).sum() + bias
    if total < 0 and label == 1:
        return weights + rate * x, bias + rate
    if total >= 0 and label == 0:
        return weights - rate * x, bias - rate
    return weights, bias
