import torch


def which_is_faster(first, second, machine):
    prices = torch.tensor(
        [machine["seconds per call"], 1 / machine["bytes per second"], 1 / machine["operations per second"]],
        dtype=torch.float64,
    )
    work = torch.tensor(
        [list(map(float, each)) for each in ([w["calls"], w["bytes"], w["operations"]] for w in (first, second))],
        dtype=torch.float64,
    )
    seconds = work * prices
    total = seconds[:, 0] + seconds[:, 1:].max(dim=1).values
    return ("first", "second")[total.argmin()]
