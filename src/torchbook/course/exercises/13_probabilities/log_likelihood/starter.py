def log_likelihood(probabilities, labels):
    """Logarithm of how likely labels [examples], 0 or 1, are for a model that gives probabilities [examples] for 1."""
    raise NotImplementedError


def most_likely(candidates, labels):
    """The number, an int, of the row of candidates [models, examples] that makes the labels most likely."""
    raise NotImplementedError
