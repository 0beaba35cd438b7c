import torch


def stack_slices(slices):
    positions = torch.tensor([position for _, position, _ in slices], dtype=torch.float64)
    order = positions.argsort()
    volume = torch.stack([plane for *_, plane in slices])[order][None]
    return volume, positions[order].diff().mean().item()
