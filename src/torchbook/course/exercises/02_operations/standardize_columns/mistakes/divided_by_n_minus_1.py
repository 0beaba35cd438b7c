"""Your deviation divides by $n - 1$, the formula by $n$. Say `correction=0` (older code says `unbiased=False`)."""

import torch


def standardize_columns(table):
    std = table.std(dim=0)
    return (table - table.mean(dim=0)) / torch.where(std == 0, 1.0, std)
