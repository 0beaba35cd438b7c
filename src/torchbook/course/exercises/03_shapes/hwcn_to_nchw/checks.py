import torch

from torchbook.course.grading.cases import case, gradients


@case("small pictures", repeat=3)
@case("a single picture", n=1)
@case("grey pictures", channels=1)
@case("square pictures", height=4, width=4)
@case("all four sizes equal", height=3, width=3, channels=3, n=3)
def pictures(answer, draw):
    return answer.hwcn_to_nchw(draw.normal("height width channels n"))


@case("pictures of whole numbers")
def whole(answer, draw):
    return answer.hwcn_to_nchw(draw.integers("height width channels n", 0, 256, dtype=torch.uint8))


@case("double precision")
def double(answer, draw):
    return answer.hwcn_to_nchw(draw.normal("height width channels n", dtype=torch.float64))


@case("by the gradient: what output 1 depends on", n=3)
def examples(answer, draw):
    block = draw.normal("height width channels n", requires_grad=True)
    (slopes,) = gradients(answer.hwcn_to_nchw(block)[1].sum(), block)
    return {"numbers of each input that went into output 1": slopes.count_nonzero(dim=(0, 1, 2))}


@case("by the gradient: where a single number comes from", n=2, channels=3, height=4, width=5)
def single(answer, draw):
    block = draw.normal("height width channels n", requires_grad=True)
    (slopes,) = gradients(answer.hwcn_to_nchw(block)[1, 2, 3, 0], block)
    return {"index in the input [height, width, channel, example]": slopes.nonzero()}
