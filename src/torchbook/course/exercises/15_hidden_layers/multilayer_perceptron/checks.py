import torch

from torchbook.course.grading.cases import case


@case("the parameters of one hidden layer", sizes=[[3, 4, 2]])
@case("the parameters of hidden layers of one size", sizes=[[3, 4, 4, 4, 2]])
@case("the parameters without a hidden layer", sizes=[[3, 2]])
def parameters(answer, draw, sizes):
    model = answer.MultilayerPerceptron(draw.choice(sizes))
    return {"shapes of the parameters": ", ".join(str(list(parameter.shape)) for parameter in model.parameters())}


@case("one hidden layer", sizes=[[3, 4, 2], [3, 6, 5]], repeat=3)
@case("two hidden layers", sizes=[[3, 5, 4, 2], [3, 6, 5, 4]], repeat=3)
@case("hidden layers of one size", sizes=[[3, 4, 4, 4, 2]])
@case("no hidden layer", sizes=[[3, 2]])
@case("one output", sizes=[[3, 4, 1]])
@case("a batch of one", sizes=[[3, 4, 2]], batch=1)
def scores(answer, draw, sizes):
    model = answer.MultilayerPerceptron(draw.choice(sizes))
    speed = draw.number(1.0, 3.0)
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.cos(i + speed * torch.arange(parameter.numel())).reshape(parameter.shape))
    x = draw.normal(f"batch {sizes[0][0]}")
    return {"model(x)": model(x)}
