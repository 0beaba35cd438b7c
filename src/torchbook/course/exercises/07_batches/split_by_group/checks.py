import torch

from torchbook.course.grading.cases import case


def drawn(draw, count, kinds, first=0, step=1):
    """Groups in any order, each of them there; their numbers are `first`, `first + step` and so on."""
    groups = torch.cat([torch.arange(kinds), draw.integers(f"{count - kinds}", low=0, high=kinds)])
    return groups[torch.as_tensor(draw.permutation(count))] * step + first


def generator(draw):
    return torch.Generator().manual_seed(draw.integer(0, 1000))


@case("groups that are numbered 0, 1, 2", count=12, kinds=4, valid_groups=1, repeat=2)
@case("groups that are numbered otherwise", count=15, kinds=5, valid_groups=2, first=7, step=11, repeat=2)
@case("many groups", count=60, kinds=20, valid_groups=5, first=3, step=2)
@case("each example is a group of its own", count=8, kinds=8, valid_groups=3)
@case("a single group, for training", count=5, kinds=1, valid_groups=0, first=4)
@case("nothing to validate with", count=10, kinds=4, valid_groups=0)
@case("nothing to train on", count=10, kinds=4, valid_groups=4)
@case("group numbers below zero", count=12, kinds=4, valid_groups=2, first=-3)
def indices(answer, draw, count, kinds, valid_groups, first=0, step=1):
    groups = drawn(draw, count, kinds, first, step)
    train, valid = answer.split_by_group(groups, valid_groups, generator(draw))
    return {"train": train, "valid": valid}


@case("the generator goes on", count=30, kinds=10, valid_groups=3)
def twice(answer, draw, count, kinds, valid_groups):
    groups, deck = drawn(draw, count, kinds), generator(draw)
    first, second = (answer.split_by_group(groups, valid_groups, deck) for _ in range(2))
    return {"first valid": first[1], "second valid": second[1]}


@case("photographs of a cat come one after another", valid_groups=2, repeat=2)
def in_a_row(answer, draw, valid_groups):
    groups = torch.arange(6).repeat_interleave(4) + 100
    train, valid = answer.split_by_group(groups, valid_groups, generator(draw))
    common = set(groups[train].tolist()) & set(groups[valid].tolist())
    return {"groups in both": len(common), "train": train, "valid": valid}
