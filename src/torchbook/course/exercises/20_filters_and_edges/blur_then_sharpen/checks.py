import torch

from torchbook.course.grading.cases import case

# The results are whole numbers divided by an odd one, so that none lies half-way between two shades.


@case("half a unit of sharpness or so", amount=0.6, repeat=3)
@case("a little", amount=0.2)
@case("one", amount=1, repeat=2)
@case("a lot", amount=4)
@case("no sharpening at all", amount=0)
@case("a square", amount=1, height=5, width=5)
@case("a single row", amount=1, height=1)
@case("a single column", amount=1, width=1)
@case("a single pixel", amount=1, height=1, width=1)
def any_picture(answer, draw, amount):
    return answer.blur_then_sharpen(draw.integers("height width", 0, 256, dtype=torch.uint8), amount)


@case("a grey picture with little contrast", amount=1, repeat=2)
@case("a grey picture with little contrast, a little sharpened", amount=0.2)
def quiet(answer, draw, amount):
    return answer.blur_then_sharpen(draw.integers("height width", 110, 135, dtype=torch.uint8), amount)


@case("an even grey", shade=200)
@case("all white", shade=255)
@case("all black", shade=0)
def even(answer, draw, shade):
    return answer.blur_then_sharpen(torch.full(draw.shape("height width"), shade, dtype=torch.uint8), 1)


@case("an edge from black to white", low=0, high=255)
@case("an edge from dark grey to bright grey", low=90, high=170)
def edge(answer, draw, low, high):
    picture = torch.full((6, 8), low, dtype=torch.uint8)
    picture[:, 4:] = high
    return answer.blur_then_sharpen(picture, 2)


@case("a single bright pixel in the corner")
def corner(answer, draw):
    picture = torch.full((5, 6), 100, dtype=torch.uint8)
    picture[0, 0] = 190
    return answer.blur_then_sharpen(picture, 1)


@case("black and white at random")
def flicker(answer, draw):
    return answer.blur_then_sharpen((255 * draw.integers("8 8", 0, 2)).to(torch.uint8), 3)
