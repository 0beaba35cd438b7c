"""You compared the columns of `a` with the columns of `b`. The columns of `a` meet the *rows* of `b`: `a.shape[1]`
and `b.shape[0]`."""


def which_error(a, b):
    if a.device != b.device:
        return "device"
    if a.dtype != b.dtype:
        return "dtype"
    if a.shape[1] != b.shape[1]:
        return "shape"
    return "none"
