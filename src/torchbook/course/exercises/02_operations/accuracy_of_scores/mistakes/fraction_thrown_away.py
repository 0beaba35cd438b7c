"""The fraction is thrown away, so that every accuracy below 1 became 0: that is what `//`, `int(...)` and `.long()`
do. Divide with `/` and keep the float."""


def accuracy(scores, labels):
    right = (scores.argmax(dim=1) == labels).sum().item()
    return right // len(labels)
