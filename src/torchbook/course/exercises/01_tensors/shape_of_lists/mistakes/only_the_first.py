"""You looked at the first list of each level only. The others may be longer or shorter: compare them, and raise a
`ValueError` where they differ."""


def shape_of(numbers):
    shape = []
    while isinstance(numbers, list):
        shape.append(len(numbers))
        numbers = numbers[0]
    return shape
