def shape_of(numbers):
    shape = []
    first = numbers
    while isinstance(first, list):
        shape.append(len(first))
        first = first[0]

    def fits(part, depth):
        if depth == len(shape):
            return not isinstance(part, list)
        return isinstance(part, list) and len(part) == shape[depth] and all(fits(p, depth + 1) for p in part)

    if not fits(numbers, 0):
        raise ValueError("not a tensor")
    return tuple(shape)
