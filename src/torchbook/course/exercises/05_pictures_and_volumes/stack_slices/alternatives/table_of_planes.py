import torch


def stack_slices(slices):
    at = {position: plane for _, position, plane in slices}
    places = sorted(at)
    height, width = slices[0][2].shape
    volume = torch.zeros(1, len(places), height, width)
    for depth, place in enumerate(places):
        volume[0, depth] = at[place]
    return volume, (places[-1] - places[0]) / (len(places) - 1)
