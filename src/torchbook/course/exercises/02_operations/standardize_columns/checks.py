import torch

from torchbook.course.grading.cases import case


@case("a random table", repeat=3)
@case("a table with as many rows as columns", rows=4, columns=4)
@case("large numbers far from zero", mean=500.0, std=80.0)
@case("double precision", dtype=torch.float64)
@case("a single row", rows=1)
def columns(answer, draw, mean=1.0, std=3.0, dtype=torch.float32):
    return answer.standardize_columns(draw.normal("rows columns", mean=mean, std=std, dtype=dtype))


@case("a column of equal numbers becomes zeros")
def constant(answer, draw):
    table = draw.normal("rows columns")
    table[:, 1] = 5.0
    return answer.standardize_columns(table)


@case("a column of equal numbers that are not round becomes zeros", atol=1e-6)
def unround(answer, draw):
    table = draw.normal("7 columns")
    table[:, 0] = 0.1
    return answer.standardize_columns(table)
