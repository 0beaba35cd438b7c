import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("matrix product",)


@case("matrices that fit", repeat=2)
@case("square matrices", n=3, m=3, p=3)
@case("a square second matrix", n=2, m=3, p=3)
@case("the result is square", n=2, m=3, p=2)
@case("whole numbers that fit", dtypes=("int64", "int64"))
@case("the inner dimensions differ", rows=9, repeat=2)
@case("equal shapes that do not fit", n=2, m=3, rows=2, p=3)
@case("the outer dimensions are equal, the inner ones are not", n=2, m=3, rows=4, p=2)
@case("the same number of rows, inner dimensions that differ", n=2, m=3, rows=2, p=4)
@case("an inner dimension of 1", m=1, rows=4)
@case("float32 and float64", dtypes=("float32", "float64"))
@case("whole numbers and floats", dtypes=("int64", "float32"))
@case("a model on another device", devices=("cpu", "meta"))
@case("data on another device", devices=("meta", "cpu"))
@case("both on the other device", devices=("meta", "meta"))
@case("device and dtype are wrong", devices=("cpu", "meta"), dtypes=("float64", "float32"))
@case("device and shape are wrong", devices=("cpu", "meta"), rows=9)
@case("dtype and shape are wrong", dtypes=("float64", "float32"), rows=9)
def pairs(answer, draw, rows=None, dtypes=("float32", "float32"), devices=("cpu", "cpu")):
    shapes = draw.shape("n m"), (rows or draw.size("m"), draw.size("p"))
    a, b = (
        torch.ones(shape, dtype=getattr(torch, dtype), device=device)
        for shape, dtype, device in zip(shapes, dtypes, devices)
    )
    return answer.which_error(a, b)
