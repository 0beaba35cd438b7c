import random

import numpy as np
import torch

from torchbook.course.grading.cases import case


def examples(draw, count):
    """Features in which each row is known by its first number, and labels that can be computed from them."""
    features = draw.normal(f"{count} columns")
    features[:, 0] = torch.arange(count)
    return features, torch.arange(count) * 10


def names(features):
    return features[:, 0].long()


def amount(number, whole):
    """How many of a whole, roughly: an answer that draws at random gives another number each time."""
    return {0: "none", 1: "one", whole: "all"}.get(number, "some")


def states():
    """What the shared generators will draw next, without drawing it."""
    _, numbers, place, *_ = np.random.get_state()
    return torch.get_rng_state().tolist(), bytes(numbers), place, random.getstate()


@case("the test set has the size that was asked for", count=20, test_size=5)
@case("a test set of one", count=8, test_size=1)
@case("more to test than to train", count=12, test_size=9)
@case("nothing to test with", count=6, test_size=0)
def sizes(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    parts = answer.seeded_split(features, labels, test_size, draw.integer(0, 1000))
    what = ("train_features", "train_labels", "test_features", "test_labels")
    kinds = {name: f"{part.dtype}, {part.ndim}-dimensional" for name, part in zip(what, parts, strict=True)}
    return kinds | {"examples in test_features": len(parts[2]), "examples in test_labels": len(parts[3])}


@case("each example is in one part, once", count=40, test_size=20, repeat=3)
@case("each example is in one part, once: a larger test set", count=30, test_size=20)
def complete(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    train, _, test, _ = answer.seeded_split(features, labels, test_size, draw.integer(0, 1000))
    train, test = names(train).tolist(), names(test).tolist()
    return {
        "examples that are in both sets": amount(len({*train} & {*test}), test_size),
        "examples that are in neither": amount(count - len({*train} | {*test}), count),
        "examples that are twice in one": amount(len(train) - len({*train}) + len(test) - len({*test}), test_size),
    }


@case("the features are whole", count=20, test_size=5)
def rows(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    train, _, test, _ = answer.seeded_split(features, labels, test_size, draw.integer(0, 1000))
    both = torch.cat([train, test])
    return {"all features, sorted by example": both[names(both).argsort()]}


@case("every label belongs to its features", count=20, test_size=5, repeat=3)
def pairs(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    train, train_labels, test, test_labels = answer.seeded_split(features, labels, test_size, draw.integer(0, 1000))
    return {
        "the train labels belong to their features": (names(train) * 10).tolist() == train_labels.tolist(),
        "the test labels belong to their features": (names(test) * 10).tolist() == test_labels.tolist(),
    }


@case("the same seed, the same split", count=20, test_size=5, repeat=2)
def again(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    seed = draw.integer(0, 1000)
    first = answer.seeded_split(features, labels, test_size, seed)
    torch.rand(7), np.random.rand(7), random.random()
    second = answer.seeded_split(features, labels, test_size, seed)
    return {"the second split is like the first": all(map(torch.equal, first, second))}


@case("another seed, another split", count=40, test_size=10, repeat=2)
def another(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    seed = draw.integer(0, 1000)
    first, second = (answer.seeded_split(features, labels, test_size, seed + step) for step in (0, 1))
    return {"other examples are tested": not torch.equal(first[3].sort().values, second[3].sort().values)}


@case("the shared generators are as before", count=20, test_size=5, repeat=2)
def undisturbed(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    torch.rand(3), np.random.rand(3), random.random()  # they have been used before
    before = states()
    answer.seeded_split(features, labels, test_size, draw.integer(0, 1000))
    return {"the shared generators are as before": states() == before}


@case("the test set is drawn from everywhere", count=60, test_size=20)
def everywhere(answer, draw, count, test_size):
    features, labels = examples(draw, count)
    _, _, test, _ = answer.seeded_split(features, labels, test_size, draw.integer(0, 1000))
    chosen = names(test)
    if (chosen.sort().values.diff() == 1).sum() >= test_size - 2:
        return "all of the test set is one block of the examples as they came"
    halves = {bool(number < count // 2) for number in chosen}
    return "from both halves" if len(halves) == 2 else "all of the test set is from one half of the examples"
