import torch

from torchbook.course.grading.cases import case


@case("four tensors")
def shapes(answer, draw):
    w1, b1, w2, b2 = answer.xor_weights()
    parts = {"w1": w1, "b1": b1, "w2": w2, "b2": b2}
    return {name: f"{part.dtype} {list(part.shape)}" for name, part in parts.items()}


@case("0 and 0", x=(0.0, 0.0))
@case("0 and 1", x=(0.0, 1.0))
@case("1 and 0", x=(1.0, 0.0))
@case("1 and 1", x=(1.0, 1.0))
def output(answer, draw, x):
    w1, b1, w2, b2 = answer.xor_weights()
    hidden = torch.relu(w1 @ torch.tensor(x) + b1)
    return {f"the output for x = {list(x)}": float(w2 @ hidden + b2)}
