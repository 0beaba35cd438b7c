import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("loop", "cdist")


def by_cdist(points, centres):
    return torch.cdist(points.double(), centres.double()).to(points.dtype)


REFERENCE = {"distances": by_cdist}


@case("points on a map", coordinates=2, repeat=2)
@case("points in space", coordinates=3)
@case("numbers on a line", coordinates=1)
@case("as many points as centres", points=3, centres=3)
@case("as many of everything", points=3, centres=3, coordinates=3)
@case("a single centre", centres=1)
@case("a single point", points=1)
@case("double precision", dtype=torch.float64)
def tables(answer, draw, dtype=torch.float32):
    points = draw.normal("points coordinates", std=3.0, dtype=dtype)
    return answer.distances(points, draw.normal("centres coordinates", std=3.0, dtype=dtype))


@case("points that lie on centres: their distance is 0", points=50, coordinates=3, atol=5e-3)
def meeting(answer, draw):
    points = draw.normal("points coordinates", std=3.0)
    return answer.distances(points, points)
