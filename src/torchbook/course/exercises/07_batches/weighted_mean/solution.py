def weighted_mean(means, sizes):
    """The mean over all examples, as a float, from the means of batches and the numbers of their examples."""
    total, count = 0.0, 0
    for mean, size in zip(means, sizes):
        total += mean * size
        count += size
    return total / count
