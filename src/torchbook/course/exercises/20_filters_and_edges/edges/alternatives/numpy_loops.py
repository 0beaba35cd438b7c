import math

import torch


def edges(picture):
    p = picture.tolist()
    strengths = []
    for i in range(1, len(p) - 1):
        row = []
        for j in range(1, len(p[0]) - 1):
            a = (p[i - 1][j + 1] + 2 * p[i][j + 1] + p[i + 1][j + 1]) - (p[i - 1][j - 1] + 2 * p[i][j - 1] + p[i + 1][j - 1])
            b = (p[i + 1][j - 1] + 2 * p[i + 1][j] + p[i + 1][j + 1]) - (p[i - 1][j - 1] + 2 * p[i - 1][j] + p[i - 1][j + 1])
            row.append(math.hypot(a, b))
        strengths.append(row)
    return torch.tensor(strengths)
