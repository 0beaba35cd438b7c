import torch


def xor_weights():
    """Weights and biases w1 [2, 2], b1 [2], w2 [1, 2], b2 [1] of a network with two hidden units that computes XOR."""
    w1 = torch.tensor([[1.0, 1.0], [..., ...]])
    b1 = torch.tensor([..., ...])
    w2 = torch.tensor([[..., ...]])
    b2 = torch.tensor([...])
    return w1, b1, w2, b2
