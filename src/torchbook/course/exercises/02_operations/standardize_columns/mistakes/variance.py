"""You divided by the variance. The standard deviation is its square root."""

import torch


def standardize_columns(table):
    variance = table.var(dim=0, correction=0)
    return (table - table.mean(dim=0)) / torch.where(variance == 0, 1.0, variance)
