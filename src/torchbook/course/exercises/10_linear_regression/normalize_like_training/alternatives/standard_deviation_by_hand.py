import torch


def normalize(training, validation, test):
    mean = training.sum(0) / len(training)
    variance = (training - mean).pow(2).mean(0)
    scale = torch.where(variance > 0, variance, torch.ones_like(variance)).rsqrt()
    return [torch.mul(table - mean, scale) for table in (training, validation, test)]
