import torch
from torch import nn

from torchbook.course.grading.cases import case


class Counting(nn.Module):
    """A model whose weight and whose buffer say how many epochs it was trained."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(2, 3))
        self.register_buffer("seen", torch.zeros(1))


def named(result):
    """What was returned, with words in the place of a model."""
    if isinstance(result, tuple):
        return tuple(map(named, result))
    return "a model" if isinstance(result, nn.Module) else result


def followed(answer, script, *, epochs, patience):
    """What an answer makes of validation losses that are given in advance, one for each epoch."""
    model, calls = Counting(), {"trained": 0, "validated": 0}

    def train_epoch(model):
        calls["trained"] += 1
        with torch.no_grad():
            model.weight += 1.0
            model.seen += 1.0

    def validate(model):
        calls["validated"] += 1
        epoch = int(model.weight[0, 0].item())
        return float(script[min(epoch, len(script)) - 1])

    losses = answer.early_stopping(model, train_epoch, validate, epochs, patience)
    return {
        "the losses": named(losses),
        "epochs that were trained": calls["trained"],
        "times that it was validated": calls["validated"],
        "the epoch that the weights come from": model.weight[0, 0].item(),
        "the epoch that the buffer comes from": model.seen[0].item(),
    }


@case("the loss falls to the end", losses=(5, 4, 3, 2, 1), patience=2)
@case("the loss rises from the start", losses=(1, 2, 3, 4, 5, 6), patience=2)
@case("falls, then rises", losses=(5, 3, 2, 2.5, 3, 4, 5), patience=3)
@case("two bad epochs, and then better ones", losses=(5, 3, 4, 4.5, 2, 1, 3, 4, 5, 6), patience=3)
@case("a loss that is smaller than the last one, but not than the best", losses=(2, 6, 5, 4, 3, 2.5), patience=3)
@case("equal losses", losses=(3, 2, 2, 2, 2, 1), patience=2)
@case("a patience of 1", losses=(3, 2, 4, 1, 0.5), patience=1)
@case("a single epoch", losses=(7,), patience=3)
@case("a patience that is longer than the training", losses=(3, 1, 2, 4), patience=10)
@case("losses far above 1", losses=(9000, 7000, 8000, 8500, 9500), patience=2)
@case("bad epochs that do not follow one another", losses=(5, 6, 4, 5, 3, 4, 2, 3, 1), patience=2)
def scripted(answer, draw, losses, patience):
    scale = draw.number(1.0, 2.0)
    return followed(answer, [loss * scale for loss in losses], epochs=len(losses), patience=patience)


@case("random losses", repeat=4)
def random_losses(answer, draw):
    count = draw.integer(6, 12)
    return followed(answer, draw.uniform(f"{count}", 0.5, 3.0).tolist(), epochs=count, patience=draw.integer(2, 4))


@case("fewer epochs than would go on getting better")
def cut_short(answer, draw):
    return followed(answer, [6.0, 5.0, 4.0, 3.0, 2.0, 1.0], epochs=draw.integer(2, 5), patience=2)
