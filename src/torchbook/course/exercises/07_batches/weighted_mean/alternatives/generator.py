def weighted_mean(means, sizes):
    """The mean over all examples, as a float, from the means of batches and the numbers of their examples."""
    return sum(mean * size for mean, size in zip(means, sizes)) / sum(sizes)
