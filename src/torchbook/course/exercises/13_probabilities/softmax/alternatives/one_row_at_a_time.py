import math

import torch


def softmax(logits):
    rows = []
    for row in logits:
        powers = math.e ** (row - row.max())
        rows.append(powers / sum(powers))
    return torch.stack(rows)
