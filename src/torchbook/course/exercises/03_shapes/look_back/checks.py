import torch

from torchbook.course.grading.cases import case


@case("windows of 2", length=2, repeat=2)
@case("windows of 3", length=3, repeat=2)
@case("windows of a single number", length=1)
@case("long windows of a short series", length=5, more=2)
@case("double precision", length=2, dtype=torch.float64)
def floats(answer, draw, length, more=6, dtype=torch.float32):
    windows, following = answer.look_back(draw.normal(f"{length + more}", dtype=dtype), length)
    return {"windows": windows, "following": following}


@case("room for one example only", length=4)
def one(answer, draw, length):
    windows, following = answer.look_back(draw.normal(f"{length + 1}"), length)
    return {"windows": windows, "following": following}


@case("whole numbers stay whole numbers", length=3)
def whole(answer, draw, length):
    windows, following = answer.look_back(draw.integers("9", 0, 30), length)
    return {"windows": windows, "following": following}
