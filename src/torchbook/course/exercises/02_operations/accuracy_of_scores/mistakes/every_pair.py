"""Each prediction was compared with *every* label: `[examples, 1]` and `[examples]` are broadcast to a square. Drop
the `keepdim`, or the column that you made."""


def accuracy(scores, labels):
    return (scores.argmax(dim=1, keepdim=True) == labels).float().mean().item()
