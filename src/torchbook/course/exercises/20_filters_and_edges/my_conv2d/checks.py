import torch

from torchbook.course.grading.cases import case

FORBIDDEN = (
    *("conv1d", "conv2d", "conv3d", "convolution", "conv_transpose2d", "Conv1d", "Conv2d", "Conv3d"),
    *("ConvTranspose2d", "LazyConv2d", "conv_tbc"),
)
REFERENCE = {"my_conv2d": lambda picture, weight: torch.nn.functional.conv2d(picture[None], weight)[0]}


def convolved(answer, draw, channels, kernels, kernel, extra=(4, 6), dtype=torch.float32):
    rows, columns = kernel
    picture = draw.normal(f"{channels} {rows + extra[0]} {columns + extra[1]}", dtype=dtype)
    weight = draw.normal(f"{kernels} {channels} {rows} {columns}", dtype=dtype)
    return answer.my_conv2d(picture, weight)


@case("one channel and one kernel of 3 x 3", channels=1, kernels=1, kernel=(3, 3))
@case("one channel and three kernels", channels=1, kernels=3, kernel=(3, 3))
@case("a colour picture and one kernel", channels=3, kernels=1, kernel=(3, 3))
@case("a colour picture and four kernels", channels=3, kernels=4, kernel=(3, 3))
@case("as many kernels as channels", channels=2, kernels=2, kernel=(3, 3))
@case("kernels of 2 x 4", channels=2, kernels=3, kernel=(2, 4))
@case("kernels of 4 x 1", channels=3, kernels=2, kernel=(4, 1))
@case("kernels of 5 x 5", channels=1, kernels=2, kernel=(5, 5))
@case("kernels of 1 x 1", channels=3, kernels=2, kernel=(1, 1))
@case("a square picture", channels=2, kernels=3, kernel=(3, 3), extra=(4, 4))
@case("a kernel as large as the picture", channels=2, kernels=3, kernel=(4, 5), extra=(0, 0))
@case("a kernel as wide as the picture", channels=1, kernels=2, kernel=(3, 5), extra=(3, 0))
@case("float64", channels=2, kernels=3, kernel=(3, 2), dtype=torch.float64)
def any_sizes(answer, draw, channels, kernels, kernel, extra=(4, 6), dtype=torch.float32):
    return convolved(answer, draw, channels, kernels, kernel, extra, dtype)


@case("a kernel that is the same from all sides")
def even(answer, draw):
    return answer.my_conv2d(draw.normal("1 6 8"), torch.ones(1, 1, 3, 3))


@case("a kernel that is the same when it is turned by half a turn")
def turned(answer, draw):
    weight = torch.tensor([[[[1.0, 2.0, 3.0], [4.0, 5.0, 4.0], [3.0, 2.0, 1.0]]]])
    return answer.my_conv2d(draw.normal("1 6 8"), weight)


@case("whole numbers: a single 1 in the picture")
def single(answer, draw):
    picture = torch.zeros(1, 5, 5)
    picture[0, 2, 2] = 1.0
    return answer.my_conv2d(picture, torch.arange(1.0, 10.0).view(1, 1, 3, 3))
