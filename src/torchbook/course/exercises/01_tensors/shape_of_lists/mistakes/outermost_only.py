"""You counted what lies in the outermost bracket. Go on inside: each level of brackets is one more number of the
shape."""


def shape_of(numbers):
    return [len(numbers)] if isinstance(numbers, list) else []
