import torch


def my_conv2d(picture, weight):
    _, h, w = picture.shape
    k, _, kh, kw = weight.shape
    out = torch.empty((k, h - kh + 1, w - kw + 1), dtype=picture.dtype)
    for n in range(k):
        for i in range(h - kh + 1):
            for j in range(w - kw + 1):
                out[n, i, j] = torch.dot(weight[n].flatten(), picture[:, i : i + kh, j : j + kw].flatten())
    return out
