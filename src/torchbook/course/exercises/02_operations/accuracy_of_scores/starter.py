def accuracy(scores, labels):
    """The share of examples whose best score is that of the right class, a float.

    scores [examples, classes], labels int64 [examples].
    """
    raise NotImplementedError
