import torch


def weighted_mean(means, sizes):
    """The mean over all examples, as a float, from the means of batches and the numbers of their examples."""
    weights = torch.tensor(sizes, dtype=torch.float64)
    return (torch.tensor(means, dtype=torch.float64) @ (weights / weights.sum())).item()
