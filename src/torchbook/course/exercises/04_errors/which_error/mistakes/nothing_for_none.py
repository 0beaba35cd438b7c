"""Where nothing is wrong your function returns the object None, which is also what comes back without a `return`.
Asked for is the text: `return "none"`."""


def which_error(a, b):
    if a.device != b.device:
        return "device"
    if a.dtype != b.dtype:
        return "dtype"
    if a.shape[1] != b.shape[0]:
        return "shape"
    return None
