import torch


def blur_then_sharpen(picture, amount):
    height, width = picture.shape

    def grown(x):
        x = torch.cat([x[:1], x, x[-1:]])
        return torch.cat([x[:, :1], x, x[:, -1:]], dim=1)

    x = grown(picture.double())
    blurred = sum(x[i : i + height, j : j + width] for i in range(3) for j in range(3)) / 9
    x = grown(blurred)
    beside = x[:-2, 1:-1] + x[2:, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:]
    sharp = blurred + amount * (4 * blurred - beside)
    return sharp.round().clamp(0, 255).byte()
