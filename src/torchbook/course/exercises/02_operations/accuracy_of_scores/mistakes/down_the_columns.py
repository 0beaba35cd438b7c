"""You looked for the best *example* of each class, down the columns. The best class of each example lies along its
row: `dim=1`."""


def accuracy(scores, labels):
    return (scores.argmax(dim=0) == labels).float().mean().item()
