def weighted_mean(means, sizes):
    """Returns the mean over all examples, from the means of batches."""
    total, count = 0.0, 0
    for mean, size in zip(means, sizes):
        total += mean * size
        count += size
    return total / count
