def which_error(a, b):
    result = "none"
    (_, inner), (rows, _) = a.shape, b.shape
    if inner != rows:
        result = "shape"
    if a.type() != b.type() and a.dtype != b.dtype:
        result = "dtype"
    if str(a.device) != str(b.device):
        result = "device"
    return result
