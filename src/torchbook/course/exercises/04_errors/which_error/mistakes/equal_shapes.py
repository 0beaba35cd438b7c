"""You asked for equal shapes, which is the rule of `+` and `*`. For `a @ b` only the inner dimensions must agree:
`a.shape[1]` and `b.shape[0]`."""


def which_error(a, b):
    if a.device != b.device:
        return "device"
    if a.dtype != b.dtype:
        return "dtype"
    if a.shape != b.shape:
        return "shape"
    return "none"
