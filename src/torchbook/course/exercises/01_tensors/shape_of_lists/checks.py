from torchbook.course.grading.cases import case

FORBIDDEN = (
    *("tensor", "as_tensor", "Tensor", "from_numpy", "asarray", "stack"),
    *("np.array", "np.asarray", "np.shape", "np.ndim", "np.stack"),
)


@case("a number", shape="")
@case("a vector", shape="columns")
@case("a matrix", shape="rows columns", repeat=2)
@case("a batch of matrices", shape="batch rows columns")
@case("four dimensions", shape="batch channels height width")
@case("many brackets around one number", shape="1 1 1")
@case("a column", shape="rows 1")
def regular(answer, draw, shape):
    return answer.shape_of(draw.integers(shape, 0, 10).tolist())


@case("a dozen brackets around one number", depth=12)
def deep(answer, draw, depth):
    numbers = draw.integer(0, 10)
    for _ in range(depth):
        numbers = [numbers]
    return answer.shape_of(numbers)


@case("a row too short", place=-1)
@case("a row too short in the middle", place=1)
def ragged(answer, draw, place):
    rows = draw.integers("rows columns", 0, 10).tolist()
    rows[place].pop()
    return answer.shape_of(rows)


@case("a matrix with fewer rows than the other")
def shorter(answer, draw):
    matrices = draw.integers("2 rows columns", 0, 10).tolist()
    matrices[1].pop()
    return answer.shape_of(matrices)


@case("a number where a row should be")
def mixed(answer, draw):
    rows = draw.integers("rows columns", 0, 10).tolist()
    rows[1] = 7
    return answer.shape_of(rows)


@case("a list where a number should be")
def deeper(answer, draw):
    rows = draw.integers("rows columns", 0, 10).tolist()
    rows[1][0] = [7]
    return answer.shape_of(rows)


@case("numbers with a point")
def fractions(answer, draw):
    return answer.shape_of(draw.normal("rows columns").tolist())


@case("a number first, and a list behind it")
def first(answer, draw):
    return answer.shape_of([draw.integer(0, 10), [draw.integer(0, 10)]])


@case("a row too short behind whole ones, in the third level", matrix=-1)
@case("a row too short in the third level", matrix=0)
def inner(answer, draw, matrix):
    matrices = draw.integers("3 rows columns", 0, 10).tolist()
    matrices[matrix][-1].pop()
    return answer.shape_of(matrices)


@case("matrices that differ in their columns alone")
def wider(answer, draw):
    matrices = [draw.integers("rows columns", 0, 10), draw.integers("rows wider", 0, 10)]
    return answer.shape_of([matrix.tolist() for matrix in matrices])
