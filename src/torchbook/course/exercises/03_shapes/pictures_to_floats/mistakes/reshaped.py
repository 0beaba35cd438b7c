"""The shape is right, the pictures are scrambled: `reshape` and `view` keep the numbers in their old order. Use
`permute`."""


def pictures_to_floats(pictures):
    batch, height, width, channels = pictures.shape
    return pictures.reshape(batch, channels, height, width).float() / 255
