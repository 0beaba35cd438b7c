import statistics


def weighted_mean(means, sizes):
    """The mean over all examples, as a float, from the means of batches and the numbers of their examples."""
    examples = []
    for number in range(len(sizes)):
        examples += [means[number]] * sizes[number]
    return statistics.fmean(examples)
