def mean_squared_error(predictions, targets):
    same = predictions.shape == targets.shape
    if same:
        differences = (predictions - targets).flatten()
        return differences.dot(differences) / len(differences)
    raise ValueError
