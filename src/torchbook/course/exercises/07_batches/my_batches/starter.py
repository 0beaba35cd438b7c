def my_batches(n, size, generator=None):
    """The indices 0 to n - 1 as a list of int64 tensors of `size` each; shuffled if there is a generator."""
    raise NotImplementedError
