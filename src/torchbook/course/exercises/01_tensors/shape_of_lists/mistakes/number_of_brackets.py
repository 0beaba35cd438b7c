"""That is `ndim`, how many pairs of brackets there are. The shape says how many things lie in each: a list with one
number for each pair."""


def shape_of(numbers):
    if not isinstance(numbers, list):
        return 0
    inner = [shape_of(part) for part in numbers]
    if any(depth != inner[0] for depth in inner):
        raise ValueError("the lists are not equally deep")
    return 1 + inner[0]
