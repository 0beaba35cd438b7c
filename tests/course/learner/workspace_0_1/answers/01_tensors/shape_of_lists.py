# mine
def shape_of(numbers):
    """The shape, a list of ints, of a number or of lists in lists of numbers."""
    if not isinstance(numbers, list):
        return []
    inner = [shape_of(part) for part in numbers]
    for shape in inner:
        if shape != inner[0]:
            raise ValueError(f"lists of one level have different shapes: {inner}")
    return [len(numbers)] + inner[0]
