def to_floats(picture, bits):
    """Returns float32 [channels, height, width] in 0..1 of integers [height, width] or [height, width, channels]."""
    raise NotImplementedError


def to_bits(floats, bits):
    """Returns the nearest whole numbers (int32) from 0 to 2**bits - 1 of floats in 0..1, in the same shape."""
    raise NotImplementedError
