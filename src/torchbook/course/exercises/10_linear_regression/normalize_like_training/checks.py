import torch

from torchbook.course.grading.cases import case


def named(tables):
    """The three tables by name; there are no more than these."""
    return {"training": tables[0], "validation": tables[1], "test": tables[2], "tables": len(tables)}


@case("three tables", repeat=2)
@case("large numbers far from zero", mean=500.0, std=80.0)
@case("double precision", dtype=torch.float64)
@case("a test set of one row", unseen=1)
@case("as many rows as features", rows=4, features=4)
@case("a single feature", features=1)
def tables(answer, draw, mean=1.0, std=3.0, dtype=torch.float32):
    training = draw.normal("rows features", mean=mean, std=std, dtype=dtype)
    validation = draw.normal("held_out features", mean=mean + std, std=std, dtype=dtype)
    test = draw.normal("unseen features", mean=mean - std, std=2 * std, dtype=dtype)
    return named(answer.normalize(training, validation, test))


@case("a feature that is the same in all training rows", where="training")
@case("a feature that is the same in all test rows", where="test")
def constant(answer, draw, where):
    training = draw.normal("rows features")
    validation = draw.normal("held_out features")
    test = draw.normal("unseen features")
    (training if where == "training" else test)[:, 1] = 5.0
    return named(answer.normalize(training, validation, test))
