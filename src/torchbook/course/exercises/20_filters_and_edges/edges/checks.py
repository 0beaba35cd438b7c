import torch

from torchbook.course.grading.cases import case


@case("any picture", repeat=2, height=5, width=7)
@case("a high picture", height=6, width=4)
@case("three rows and three columns", height=3, width=3)
@case("three rows", height=3, width=5)
@case("three columns", height=5, width=3)
@case("a square", height=6, width=6)
def any_picture(answer, draw):
    return answer.edges(draw.integers("height width", 0, 256, dtype=torch.uint8))


@case("dark shades only: no strength above 255", height=5, width=6, repeat=2)
def dark(answer, draw):
    return answer.edges(draw.integers("height width", 0, 25, dtype=torch.uint8))


@case("an even grey", shade=200, height=4, width=6)
@case("all black", shade=0, height=4, width=5)
def even(answer, draw, shade):
    return answer.edges(torch.full(draw.shape("height width"), shade, dtype=torch.uint8))


@case("an upright edge, from dark to bright", low=30, high=60)
@case("an upright edge, from bright to dark", low=60, high=30)
@case("from black to white", low=0, high=255)
def upright(answer, draw, low, high):
    picture = torch.full((5, 7), low, dtype=torch.uint8)
    picture[:, 3:] = high
    return answer.edges(picture)


@case("a level edge, from dark to bright", low=30, high=60)
@case("a level edge, from bright to dark", low=60, high=30)
def level(answer, draw, low, high):
    picture = torch.full((7, 5), low, dtype=torch.uint8)
    picture[3:] = high
    return answer.edges(picture)


@case("a slanted edge, bright below", below=True)
@case("a slanted edge, bright above", below=False)
def slanted(answer, draw, below):
    inside = torch.ones(6, 6).tril() if below else torch.ones(6, 6).triu()
    return answer.edges((10 + 20 * inside).to(torch.uint8))


@case("a single bright pixel")
def single(answer, draw):
    picture = torch.full((5, 5), 10, dtype=torch.uint8)
    picture[2, 2] = 20
    return answer.edges(picture)
