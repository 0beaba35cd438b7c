def my_conv2d(picture, weight):
    # One weight at a time: the whole picture, shifted and weighted.
    rows, columns = weight.shape[2:]
    high, wide = picture.shape[1] - rows + 1, picture.shape[2] - columns + 1
    total = 0
    for r in range(rows):
        for s in range(columns):
            part = picture[:, r : r + high, s : s + wide]
            total = total + (weight[:, :, r, s, None, None] * part).sum(dim=1)
    return total
