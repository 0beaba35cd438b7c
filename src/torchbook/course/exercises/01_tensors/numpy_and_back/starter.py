def from_array(array):
    """A float32 tensor with the numbers of an array, in memory of its own."""
    raise NotImplementedError


def to_array(tensor):
    """A NumPy array with the numbers of a float tensor, in memory of its own."""
    raise NotImplementedError
