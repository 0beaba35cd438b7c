"""The result is right, but you changed the table of the caller: `-=`, `/=`, `sub_` and `div_` write into it."""

import torch


def standardize_columns(table):
    table -= table.mean(dim=0)
    std = table.std(dim=0, correction=0)
    table /= torch.where(std == 0, 1.0, std)
    return table
