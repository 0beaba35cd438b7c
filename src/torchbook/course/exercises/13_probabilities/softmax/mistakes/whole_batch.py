"""All values together add up to 1, but *each row* should. Give `sum` the dimension: `sum(dim=1, keepdim=True)`."""

import torch


def softmax(logits):
    powers = torch.exp(logits - logits.max())
    return powers / powers.sum()
