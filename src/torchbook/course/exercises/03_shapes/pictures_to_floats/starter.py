def pictures_to_floats(pictures):
    """float32 [batch, channels, height, width] in 0..1 of uint8 [batch, height, width, channels]."""
    raise NotImplementedError
