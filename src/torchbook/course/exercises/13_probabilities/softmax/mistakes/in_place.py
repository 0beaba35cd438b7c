"""You changed the scores of the caller: `-=`, `sub_`, `exp_` and the like write into the tensor that you were given."""

import torch


def softmax(logits):
    logits -= logits.amax(dim=1, keepdim=True)
    powers = torch.exp(logits)
    return powers / powers.sum(dim=1, keepdim=True)
