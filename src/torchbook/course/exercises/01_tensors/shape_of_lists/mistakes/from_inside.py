"""Your shape is read from the inside out. It begins with the outermost bracket: a matrix is `[rows, columns]`."""


def shape_of(numbers):
    if not isinstance(numbers, list):
        return []
    inner = [shape_of(part) for part in numbers]
    for shape in inner:
        if shape != inner[0]:
            raise ValueError(f"lists of one level have different shapes: {inner}")
    return inner[0] + [len(numbers)]
