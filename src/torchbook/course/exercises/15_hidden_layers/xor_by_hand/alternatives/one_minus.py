import torch


def xor_weights():
    # one, less what both-are-0 and both-are-1 take away
    both = torch.ones(2)
    w1 = torch.stack([-both, both])
    b1 = torch.tensor([1, -1]).float()
    w2 = -both.unsqueeze(0)
    return w1, b1, w2, torch.tensor([1.0])
