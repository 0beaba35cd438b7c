import torch


def split_by_group(groups, valid_groups, generator):
    """Returns train, valid: the indices of the examples, no group in both."""
    different = groups.unique()
    order = torch.randperm(len(different), generator=generator)
    chosen = different[order[:valid_groups]]
    is_valid = torch.isin(groups, chosen)
    train = (~is_valid).nonzero().flatten()
    valid = is_valid.nonzero().flatten()
    return train, valid
