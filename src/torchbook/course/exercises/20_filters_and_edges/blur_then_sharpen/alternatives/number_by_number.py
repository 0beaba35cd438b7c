import torch


def blur_then_sharpen(picture, amount):
    height, width = picture.shape
    before = picture.tolist()

    def at(rows, i, j):
        return rows[min(max(i, 0), height - 1)][min(max(j, 0), width - 1)]

    nine = [(di, dj) for di in (-1, 0, 1) for dj in (-1, 0, 1)]
    smooth = [[sum(at(before, i + di, j + dj) for di, dj in nine) / 9 for j in range(width)] for i in range(height)]
    result = torch.zeros(height, width, dtype=torch.uint8)
    for i in range(height):
        for j in range(width):
            beside = at(smooth, i - 1, j) + at(smooth, i + 1, j) + at(smooth, i, j - 1) + at(smooth, i, j + 1)
            value = (1 + 4 * amount) * smooth[i][j] - amount * beside
            result[i, j] = round(min(255, max(0, value)))
    return result
