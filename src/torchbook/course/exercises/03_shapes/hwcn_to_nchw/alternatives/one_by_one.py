import torch


def hwcn_to_nchw(pictures):
    examples = []
    for example in pictures.unbind(dim=-1):
        examples.append(torch.stack([example[:, :, channel] for channel in range(example.shape[2])]))
    return torch.stack(examples)
