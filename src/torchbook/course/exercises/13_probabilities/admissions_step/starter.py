def admissions_step(inputs, labels, weights, bias, learning_rate):
    """New weights [features] and bias [] after one step of gradient descent on inputs [applicants, features]."""
    raise NotImplementedError
