"""All three are found, but of two at once you name the later one. Ask in the order of the table: device, dtype,
shape."""


def which_error(a, b):
    if a.shape[1] != b.shape[0]:
        return "shape"
    if a.dtype != b.dtype:
        return "dtype"
    if a.device != b.device:
        return "device"
    return "none"
