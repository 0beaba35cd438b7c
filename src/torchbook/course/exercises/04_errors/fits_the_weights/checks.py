import torch

from torchbook.course.grading.cases import case, gradients


@case("some examples", repeat=2)
@case("as many inputs as outputs", inputs=3, outputs=3)
@case("as many examples as inputs and outputs", examples=3, inputs=3, outputs=3)
@case("a batch of one", examples=1)
@case("one output", outputs=1)
@case("data of float64, as NumPy makes it", dtype=torch.float64)
@case("a model of float64, data of float32", model=torch.float64)
@case("a model of half precision", model=torch.bfloat16)
def batches(answer, draw, dtype=torch.float32, model=torch.float32):
    x = draw.normal("examples inputs", dtype=dtype)
    return answer.scores(x, draw.normal("outputs inputs", dtype=model), draw.normal("outputs", dtype=model))


@case("data of whole numbers")
def whole(answer, draw):
    x = draw.integers("examples inputs", 0, 10)
    return answer.scores(x, draw.normal("outputs inputs"), draw.normal("outputs"))


@case("a single example", repeat=2)
@case("a single example of float64", dtype=torch.float64)
@case("a single example, as many inputs as outputs", inputs=3, outputs=3)
def single(answer, draw, dtype=torch.float32):
    return answer.scores(draw.normal("inputs", dtype=dtype), draw.normal("outputs inputs"), draw.normal("outputs"))


@case("a model on another device")
@case("a model on another device, data of float64", dtype=torch.float64)
@case("data and model on another device", place="meta")
def devices(answer, draw, dtype=torch.float32, place="cpu"):
    x = draw.normal("examples inputs", dtype=dtype).to(place)
    return answer.scores(x, draw.normal("outputs inputs").to("meta"), draw.normal("outputs").to("meta"))


@case("gradients flow to the weights")
def flow(answer, draw):
    x = draw.normal("examples inputs", dtype=torch.float64)
    weights, bias = draw.normal("outputs inputs", requires_grad=True), draw.normal("outputs", requires_grad=True)
    scores = answer.scores(x, weights, bias)
    return {"scores": scores, "gradients": gradients(scores, weights, bias)}
