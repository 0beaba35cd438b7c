import torch


def split_by_group(groups, valid_groups, generator):
    """train, valid: ascending indices of the examples; the groups [n] of one are not those of the other."""
    kinds = torch.unique(groups, sorted=True)
    kinds = kinds[torch.randperm(kinds.numel(), generator=generator)]
    mask = (groups[:, None] == kinds[None, :valid_groups]).any(dim=1)
    index = torch.arange(groups.numel())
    return index[~mask], index[mask]
