import torch


def split_by_group(groups, valid_groups, generator):
    """train, valid: ascending indices of the examples, no group in both; groups [n] says which group each is in."""
    different, place = groups.unique(return_inverse=True)
    held_out = torch.zeros(len(different), dtype=torch.bool)
    held_out[torch.randperm(len(different), generator=generator)[:valid_groups]] = True
    mask = held_out[place]
    return torch.where(~mask)[0], torch.where(mask)[0]
