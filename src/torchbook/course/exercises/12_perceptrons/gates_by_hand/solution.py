def gates():
    """Weights and bias of a perceptron for each of three gates, as {"AND": ([w1, w2], b), ..., "NOT": ([w], b)}."""
    return {
        "AND": ([1, 1], -2),
        "OR": ([1, 1], -1),
        "NOT": ([-1], 0),
    }
