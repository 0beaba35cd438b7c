import torch

from torchbook.course.grading.cases import case

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@case("AND", labels=(0, 0, 0, 1))
@case("OR", labels=(0, 1, 1, 1))
@case("the second input, turned round", labels=(1, 0, 1, 0))
@case("AND with another rate", labels=(0, 0, 0, 1), rate=0.5)
@case("always 1", labels=(1, 1, 1, 1))
@case("always 0", labels=(0, 0, 0, 0))
@case("AND with a small rate", labels=(0, 0, 0, 1), rate=1 / 64)
@case("XOR", labels=(0, 1, 1, 0))
@case("both or none", labels=(1, 0, 0, 1))
@case("XOR with another rate", labels=(0, 1, 1, 0), rate=0.5)
def gate(answer, draw, labels, rate=1.0):
    return {"weights and bias": answer.perceptron(CORNERS, torch.tensor(labels), rate)}


@case("two crowds", repeat=3)
@case("two crowds in three dimensions", features=3)
@case("one feature", features=1)
def crowds(answer, draw):
    inputs = draw.integers("points features", -8, 9).float() / 4
    rule = draw.integers("features", 1, 4).float()
    labels = (inputs @ rule >= 0.5).long()
    return {"weights and bias": answer.perceptron(inputs, labels, 1.0)}


@case("a point with both labels")
def contradiction(answer, draw):
    inputs = torch.cat([CORNERS, CORNERS[:1]]) + draw.integer(1, 4)
    return {"weights and bias": answer.perceptron(inputs, torch.tensor([0, 1, 1, 1, 1]), 1.0)}


@case("a point between two others, where two rounds go round")
def between(answer, draw):
    inputs = torch.tensor([[0.0], [1.0], [2.0]]) + draw.integer(0, 3)
    return {"weights and bias": answer.perceptron(inputs, torch.tensor([0, 1, 0]), 1.0)}


@case("two points so near that it takes long")
def narrow(answer, draw):
    place = draw.integer(17, 20)
    inputs = torch.tensor([[float(place)], [float(place + 1)]])
    return {"weights and bias": answer.perceptron(inputs, torch.tensor([0, 1]), 1.0)}
