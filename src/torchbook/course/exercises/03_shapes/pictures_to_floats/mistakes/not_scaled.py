"""The numbers still go up to 255. Divide by 255, so that white is 1."""


def pictures_to_floats(pictures):
    return pictures.permute(0, 3, 1, 2).float()
