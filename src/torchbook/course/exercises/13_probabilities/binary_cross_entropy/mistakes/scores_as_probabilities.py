r"""You took logarithms of the scores themselves, which can be negative: that is not a number (nan). Scores become
probabilities by the sigmoid, $\sigma(z) = 1 / (1 + e^{-z})$."""


def binary_cross_entropy(scores, labels):
    return -(labels * scores.log() + (1 - labels) * (1 - scores).log()).mean()
