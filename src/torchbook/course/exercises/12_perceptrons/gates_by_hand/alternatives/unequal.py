def gates():
    parts = {"AND": [0.4, 0.7, -0.9], "OR": [5, 3, -2], "NOT": [-10, 4]}
    return {name: (numbers[:-1], numbers[-1]) for name, numbers in parts.items()}
