import torch


def hwcn_to_nchw(pictures):
    return torch.einsum("hwcn->nchw", pictures)
