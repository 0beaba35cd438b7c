def blur_then_sharpen(picture, amount):
    """Returns the picture, blurred and then sharpened, as uint8 [height, width]."""
    raise NotImplementedError
