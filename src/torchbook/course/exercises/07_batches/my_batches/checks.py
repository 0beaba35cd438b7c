import torch

from torchbook.course.grading.cases import case


def generator(draw):
    return torch.Generator().manual_seed(draw.integer(0, 1000))


@case("in order, with a short last batch", n=7, size=3)
@case("in order, and it comes out even", n=6, size=3)
@case("in order, one at a time", n=4, size=1)
@case("in order, all in one batch", n=4, size=4)
@case("in order, a batch larger than the deck", n=3, size=5)
@case("a deck of one card", n=1, size=2)
def in_order(answer, draw, n, size):
    return answer.my_batches(n, size, None)


@case("shuffled, with a short last batch", n=11, size=4, repeat=2)
@case("shuffled, and it comes out even", n=12, size=4)
@case("shuffled, one at a time", n=5, size=1)
@case("shuffled, all in one batch", n=6, size=6)
def shuffled(answer, draw, n, size):
    return answer.my_batches(n, size, generator(draw))


@case("two epochs with one generator", n=9, size=4)
def two_epochs(answer, draw, n, size):
    deck = generator(draw)
    return {"first epoch": answer.my_batches(n, size, deck), "second epoch": answer.my_batches(n, size, deck)}


@case("how many are dealt, and how many different ones", n=23, size=5)
def counted(answer, draw, n, size):
    batches = [list(map(int, batch)) for batch in answer.my_batches(n, size, generator(draw))]
    cards = [card for batch in batches for card in batch]
    return {"sizes of the batches": [len(batch) for batch in batches], "different indices": len(set(cards))}


@case("a list of batches", n=5, size=2)
def container(answer, draw, n, size):
    return type(answer.my_batches(n, size, None)).__name__
