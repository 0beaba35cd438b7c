import torch


def split_by_group(groups, valid_groups, generator):
    """train, valid: ascending indices of the examples, no group in both; groups [n] says which group each is in."""
    names = sorted(set(groups.tolist()))
    shuffled = [names[place] for place in torch.randperm(len(names), generator=generator).tolist()]
    held_out = set(shuffled[:valid_groups])
    train, valid = [], []
    for index, group in enumerate(groups.tolist()):
        (valid if group in held_out else train).append(index)
    return torch.tensor(train, dtype=torch.int64), torch.tensor(valid, dtype=torch.int64)
