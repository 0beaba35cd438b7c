import torch

from torchbook.course.grading.cases import case


@case("a short last batch", sizes=[4, 4, 1])
@case("two batches", sizes=[3, 1])
@case("a single batch", sizes=[5])
@case("batches of one example", sizes=[1, 1, 1])
@case("equal batches", sizes=[2, 2, 2])
@case("all sizes differ", sizes=[1, 6, 3, 8], repeat=2)
@case("the short batch comes first", sizes=[1, 7])
def means(answer, draw, sizes):
    return answer.weighted_mean(draw.uniform(f"{len(sizes)}", low=0.5, high=5.0).tolist(), list(sizes))


@case("two batches with the same mean", sizes=[2, 5, 1])
def equal_means(answer, draw, sizes):
    twice, other = draw.uniform("2", low=0.5, high=5.0).tolist()
    return answer.weighted_mean([twice, other, twice], list(sizes))


@case("means below zero", sizes=[5, 2])
def negative(answer, draw, sizes):
    return answer.weighted_mean(draw.uniform(f"{len(sizes)}", low=-5.0, high=-0.5).tolist(), list(sizes))


@case("the same as the mean of all examples", sizes=[10, 10, 3])
def examples(answer, draw, sizes):
    values = draw.normal(f"{sum(sizes)}").double().split(sizes)
    mine = answer.weighted_mean([batch.mean().item() for batch in values], list(sizes))
    return {"mean": mine, "it is the mean of all examples": bool(abs(mine - torch.cat(values).mean().item()) < 1e-5)}
