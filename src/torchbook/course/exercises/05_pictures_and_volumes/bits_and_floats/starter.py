def to_floats(picture, bits):
    """Returns the picture as floats from 0 to 1, [channels, height, width]."""
    raise NotImplementedError


def to_bits(floats, bits):
    """Returns the nearest whole numbers from 0 to 2**bits - 1, as int32."""
    raise NotImplementedError
