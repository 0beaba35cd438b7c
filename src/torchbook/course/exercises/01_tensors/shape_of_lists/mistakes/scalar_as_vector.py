"""A number has no brackets, so its shape is the empty list `[]`, not `[1]`. In your answer each number counts as one
more pair of brackets, inside lists too."""


def shape_of(numbers):
    if not isinstance(numbers, list):
        return [1]
    inner = [shape_of(part) for part in numbers]
    for shape in inner:
        if shape != inner[0]:
            raise ValueError(f"lists of one level have different shapes: {inner}")
    return [len(numbers)] + inner[0]
