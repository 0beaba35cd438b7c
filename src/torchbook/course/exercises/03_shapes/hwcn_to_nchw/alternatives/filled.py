def hwcn_to_nchw(pictures):
    height, width, channels, n = pictures.shape
    result = pictures.new_empty(n, channels, height, width)
    for example in range(n):
        for channel in range(channels):
            result[example, channel] = pictures[:, :, channel, example]
    return result
