import torch

from torchbook.course.grading.cases import case


@case("house numbers", repeat=2)
@case("a single house", houses=1)
def numbers(answer, draw):
    return answer.house_numbers(draw.size("houses"))


@case("random weights", repeat=3)
@case("one output", outputs=1)
def drawn(answer, draw):
    generator = torch.Generator().manual_seed(draw.integer(0, 1000))
    return answer.weights(draw.size("outputs"), draw.size("inputs"), generator)


@case("two layers of one generator are different weights")
def layers(answer, draw):
    generator = torch.Generator().manual_seed(draw.integer(0, 1000))
    return [answer.weights(draw.size("outputs"), draw.size("inputs"), generator) for _ in range(2)]


@case("a bias", repeat=2)
@case("a bias of a wide layer", outputs=64)
def zeros(answer, draw):
    outputs = draw.size("outputs")
    used = [torch.full((outputs,), 7.0) for _ in range(20)]
    del used  # what `torch.empty` finds in memory is no zeros then
    return answer.bias(outputs)


@case("a price", repeat=2)
@case("a price with more digits than float32 has", value=123456789.01, rtol=1e-12, atol=0.0)
def scalar(answer, draw, value=None):
    return answer.price(draw.number() if value is None else value)
