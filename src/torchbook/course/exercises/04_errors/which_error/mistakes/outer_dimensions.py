"""You compared the outer dimensions, the rows of `a` with the columns of `b`; they are free. The inner ones must
agree: `a.shape[1]` and `b.shape[0]`."""


def which_error(a, b):
    if a.device != b.device:
        return "device"
    if a.dtype != b.dtype:
        return "dtype"
    if a.shape[0] != b.shape[1]:
        return "shape"
    return "none"
