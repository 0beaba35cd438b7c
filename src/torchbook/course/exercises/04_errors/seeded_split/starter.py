def seeded_split(features, labels, test_size, seed):
    """train_features, train_labels, test_features, test_labels: test_size examples at random are the test set.

    features [examples, columns], labels [examples]; the same seed gives the same split.
    """
    raise NotImplementedError
