def perceptron_step(x, label, weights, bias, rate):
    """Weights [features] and bias [] after a look at the point x [features] with its label, 0 or 1."""
    raise NotImplementedError
