"""Height and width are exchanged: your pictures lie on their side. The new order is batch, channels, *height*,
width."""


def pictures_to_floats(pictures):
    return pictures.transpose(1, 3).float() / 255
