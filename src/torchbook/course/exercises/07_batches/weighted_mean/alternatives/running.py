def weighted_mean(means, sizes):
    """The mean over all examples, as a float, from the means of batches and the numbers of their examples."""
    mean, seen = 0.0, 0
    for value, size in zip(means, sizes):
        seen += size
        mean += (value - mean) * size / seen
    return mean
