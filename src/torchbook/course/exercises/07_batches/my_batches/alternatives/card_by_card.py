import torch


def my_batches(n, size, generator=None):
    """The indices 0 to n - 1 as a list of int64 tensors of `size` each; shuffled if there is a generator."""
    cards = list(range(n))
    if generator is not None:
        cards = torch.randperm(n, generator=generator).tolist()
    batches, hand = [], []
    for card in cards:
        hand.append(card)
        if len(hand) == size:
            batches.append(torch.tensor(hand))
            hand = []
    if hand:
        batches.append(torch.tensor(hand))
    return batches
