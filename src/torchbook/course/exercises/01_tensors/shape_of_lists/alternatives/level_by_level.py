def shape_of(numbers):
    shape, level = [], [numbers]
    while any(isinstance(part, list) for part in level):
        if not all(isinstance(part, list) for part in level):
            raise ValueError("numbers and lists side by side")
        lengths = {len(part) for part in level}
        if len(lengths) > 1:
            raise ValueError(f"lists of different lengths: {lengths}")
        shape.append(lengths.pop())
        level = [inner for part in level for inner in part]
    return shape
