import torch

from torchbook.course.grading.cases import case


# Widths that share factors with 255 keep every shade away from a half, so that the order of the arithmetic is free.
@case("a wide window", slope=1, intercept=-1024, low=-1000, width=3315, repeat=2)
@case("a narrow window", slope=1, intercept=-1024, low=0, width=85)
@case("a window of odd width", slope=1, intercept=-1024, low=-150, width=255)
@case("a slope of 2", slope=2, intercept=-1024, low=-300, width=765)
@case("a slope of a half", slope=0.5, intercept=-1000, low=-500, width=765)
@case("a slope of 3 and no intercept", slope=3, intercept=0, low=900, width=2295)
@case("a slope of 16, and products too large for int16", slope=16, intercept=-1024, low=30000, width=2295)
@case("no slope and no intercept to speak of", slope=1, intercept=0, low=1000, width=765)
@case("an intercept above zero", slope=1, intercept=300, low=1000, width=765)
def slices(answer, draw, slope, intercept, low, width):
    # Three kinds of numbers: anywhere on the scale, in the window, and far outside.
    where = [
        draw.integers("height width", 0, 4096),
        draw.integers("height width", 0, width),
        draw.integers("height width", -900, 4096),
    ]
    inside = ((where[1] + low - intercept) / slope).round()
    if slope == 0.5:
        inside, where[0] = inside // 2 * 2, where[0] // 2 * 2
    stored = torch.stack([where[0], inside, where[2] // 2 * 2]).to(torch.int16)
    return answer.window(stored, slope, intercept, low + width / 2, width)


@case("both ends of the window, and just beyond", width=765)
@case("both ends of a narrow window, and just beyond", width=51)
def ends(answer, draw, width):
    low = draw.integer(-200, 200)
    stored = torch.tensor([low - 1, low, low + 1, low + width - 1, low + width, low + width + 1]) + 1024
    return answer.window(stored.to(torch.int16), 1, -1024, low + width / 2, width)


@case("far above and far below")
def far(answer, draw):
    return answer.window(torch.tensor([-2000, 0, 1024, 1064, 1280, 4095, 20000], dtype=torch.int16), 1, -1024, 40.5, 51)


@case("a volume")
def volume(answer, draw):
    return answer.window(draw.integers("1 depth height width", 900, 1300, dtype=torch.int16), 1, -1024, 76.5, 153)


@case("a single number")
def single(answer, draw):
    return answer.window(torch.tensor(draw.integer(1024, 1177), dtype=torch.int16), 1, -1024, 76.5, 153)


@case("half units of Hounsfield in a narrow window")
def halves(answer, draw):
    # With a width of 100 no shade of a half unit is near a half.
    stored = (2 * draw.integers("height width", 900, 1000) + 1).to(torch.int16)
    return answer.window(stored, 0.5, -1000, -50, 100)
