import torch

from torchbook.course.grading.cases import case


@case("random scores", examples=12, classes=3, repeat=3)
@case("as many examples as classes", examples=5, classes=5, repeat=2)
@case("a single example", examples=1, repeat=2)
@case("only negative scores", examples=10, classes=4, mean=-50.0)
@case("double precision", examples=12, classes=3, dtype=torch.float64)
def shares(answer, draw, mean=0.0, dtype=torch.float32):
    scores = draw.normal("examples classes", mean=mean, dtype=dtype)
    return answer.accuracy(scores, draw.integers("examples", 0, draw.size("classes")))


@case("all are right", examples=6, moved=0)
@case("none is right", examples=6, moved=1)
def ends(answer, draw, moved):
    scores = draw.normal("examples classes")
    return answer.accuracy(scores, (scores.argmax(dim=1) + moved) % draw.size("classes"))


@case("two of three are right")
def thirds(answer, draw):
    scores = draw.normal("3 classes")
    labels = scores.argmax(dim=1)
    labels[0] = scores[0].argmin()
    return answer.accuracy(scores, labels)
