import torch


def encode_columns(train, test):
    """The features of both tables, float32 [n, 2 + colours]; whatever is learned for it comes from train alone."""
    seen = []
    for colour in train["colour"]:
        if colour not in seen:
            seen.append(colour)
    seen.sort()
    mean = train["km"].mean().item()
    std = train["km"].std(unbiased=False).item()

    def row(km, condition, colour):
        numbers = [(km - mean) / std, 0.0 if condition == "poor" else 1.0 if condition == "fair" else 2.0]
        return numbers + [1.0 if colour == each else 0.0 for each in seen]

    def rows(table):
        return torch.tensor([row(*cells) for cells in zip(table["km"].tolist(), table["condition"], table["colour"])])

    return rows(train), rows(test)
