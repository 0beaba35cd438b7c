def perceptron_step(x, label, weights, bias, rate):
    """Weights [features] and bias [] after a look at the point x [features] with its label, 0 or 1."""
    answer = int(weights @ x + bias >= 0)
    direction = label - answer
    return weights + rate * direction * x, bias + rate * direction
