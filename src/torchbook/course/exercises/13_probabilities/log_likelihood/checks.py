import torch

from torchbook.course.grading.cases import case, gradients


@case("random probabilities", repeat=3)
@case("one example", examples=1)
@case("double precision", dtype=torch.float64)
@case("two thousand examples", examples=2000)
def likelihoods(answer, draw, dtype=torch.float32):
    probabilities = draw.uniform("examples", 0.05, 0.95, dtype=dtype)
    return answer.log_likelihood(probabilities, draw.integers("examples", 0, 2))


@case("a model that is sure and right")
def sure(answer, draw):
    labels = draw.integers("examples", 0, 2)
    return answer.log_likelihood(labels.float(), labels)


@case("sure of class 0, and wrong once", label=1)
@case("sure of class 1, and wrong once", label=0)
def wrong(answer, draw, label):
    labels = draw.integers("examples", 0, 2)
    labels[0] = label
    probabilities = labels.float()
    probabilities[0] = 1 - probabilities[0]
    return answer.log_likelihood(probabilities, labels)


@case("gradients flow through it")
def flow(answer, draw):
    probabilities = draw.uniform("examples", 0.05, 0.95, requires_grad=True)
    result = answer.log_likelihood(probabilities, draw.integers("examples", 0, 2))
    return {"log-likelihood": result, "gradient": gradients(result, probabilities)}


@case("the best of several models", repeat=3)
@case("the best of several models, two thousand examples", examples=2000)
@case("as many models as examples", models=5, examples=5)
def best(answer, draw):
    candidates = draw.uniform("models examples", 0.05, 0.95)
    return answer.most_likely(candidates, draw.integers("examples", 0, 2))


@case("the best model is the last one")
def last(answer, draw):
    labels = draw.integers("examples", 0, 2)
    good = torch.where(labels == 1, 0.9, 0.1)
    return answer.most_likely(torch.stack([1 - good, draw.uniform("examples", 0.4, 0.6), good]), labels)
