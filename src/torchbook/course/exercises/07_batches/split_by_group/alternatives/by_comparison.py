import torch


def split_by_group(groups, valid_groups, generator):
    """train, valid: ascending indices of the examples, no group in both; groups [n] says which group each is in."""
    kinds = torch.unique(groups, sorted=True)
    kinds = kinds[torch.randperm(kinds.numel(), generator=generator)]
    mask = (groups[:, None] == kinds[None, :valid_groups]).any(dim=1)
    index = torch.arange(groups.numel())
    return index[~mask], index[mask]
