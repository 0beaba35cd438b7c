import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("matrix product", "np.dot", "np.matmul", "np.einsum", "np.inner", "np.vdot", "np.tensordot")


def by_torch(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    return torch.matmul(a, b)


REFERENCE = {"matrix_product": by_torch}


@case("random matrices", repeat=3)
@case("square matrices", n=3, m=3, p=3)
@case("the result is one number", n=1, p=1)
@case("a column times a row", m=1)
@case("double precision", dtype=torch.float64)
def products(answer, draw, dtype=torch.float32):
    return answer.matrix_product(draw.normal("n m", dtype=dtype), draw.normal("m p", dtype=dtype))


@case("whole numbers stay whole numbers")
@case("whole numbers of 32 bits stay so", dtype=torch.int32)
def whole(answer, draw, dtype=torch.int64):
    return answer.matrix_product(draw.integers("n m", -9, 10, dtype=dtype), draw.integers("m p", -9, 10, dtype=dtype))


@case("inner dimensions that do not fit")
@case("shapes that are equal and do not fit", n=2, m=3, rows=2, p=3)
@case("an inner dimension of 1, which would be broadcast", m=1)
@case("a second matrix of one row, which would be broadcast", rows=1)
@case("a second matrix with more rows than needed", m=3, rows=5)
def misfits(answer, draw):
    return answer.matrix_product(draw.normal("n m"), draw.normal("rows p"))
