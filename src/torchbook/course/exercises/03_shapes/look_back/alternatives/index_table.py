import torch


def look_back(series, length):
    starts = torch.arange(series.numel() - length)
    places = starts.unsqueeze(1) + torch.arange(length)
    return [series[places], series[starts + length]]
