import torch

from torchbook.course.grading.cases import case


def filled(model, speed):
    """Gives all parameters other numbers, so that the first ones do not matter."""
    with torch.no_grad():
        for i, (_, parameter) in enumerate(sorted(model.named_parameters())):
            parameter.copy_(torch.cos(i + speed * torch.arange(parameter.numel())).reshape(parameter.shape))
    return model


@case("what is registered, with one block", count=1)
@case("what is registered, with three blocks", count=3)
def registered(answer, draw, count):
    mean = draw.normal("width")
    model = answer.Tower(len(mean), count, mean)
    learned = sorted(f"{name} {list(each.shape)}" for name, each in model.named_parameters() if each.requires_grad)
    fixed = sorted(name for name, each in model.named_parameters() if not each.requires_grad)
    return {
        "learned parameters": ", ".join(learned),
        "parameters that are not learned": ", ".join(fixed),
        "buffers": ", ".join(sorted(name for name, _ in model.named_buffers())),
        "names in the state dict": ", ".join(sorted(model.state_dict())),
    }


@case("the scale and the mean at first")
def first(answer, draw):
    mean = draw.normal("width")
    model = answer.Tower(len(mean), 2, mean)
    values = model.scale.detach().unique().tolist()
    numbers = f"all {values[0]:g}" if len(values) == 1 else "different from each other"
    return {"scale": f"{list(model.scale.shape)}, {numbers}", "mean": model.mean.detach()}


@case("the output of one block", count=1)
@case("the output of three blocks", count=3, repeat=2)
@case("a batch of one", count=2, batch=1)
def output(answer, draw, count):
    mean = draw.normal("width")
    model = filled(answer.Tower(len(mean), count, mean), draw.number(1.0, 3.0))
    return {"model(x)": model(draw.normal("batch width")).detach()}


@case("in float64")
def as_double(answer, draw):
    mean = draw.normal("width")
    model = filled(answer.Tower(len(mean), 2, mean), 2.0).double()
    return {"model(x)": model(draw.normal("batch width").double()).detach()}
