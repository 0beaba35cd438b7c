"""The numbers are right, the channels are still last. Layers want `[batch, channels, height, width]`: use `permute`."""


def pictures_to_floats(pictures):
    return pictures.float() / 255
