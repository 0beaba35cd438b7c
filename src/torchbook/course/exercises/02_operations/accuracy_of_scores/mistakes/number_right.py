"""You counted the right ones. The accuracy is their share: divide by the number of examples, or take the mean."""


def accuracy(scores, labels):
    return float((scores.argmax(dim=1) == labels).sum().item())
