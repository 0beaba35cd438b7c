"""Nobody asked where the tensors are. Compare `a.device` with `b.device` before everything else."""


def which_error(a, b):
    if a.dtype != b.dtype:
        return "dtype"
    if a.shape[1] != b.shape[0]:
        return "shape"
    return "none"
