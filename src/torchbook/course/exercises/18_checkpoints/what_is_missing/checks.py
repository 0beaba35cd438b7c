from torch import nn

from torchbook.course.grading.cases import case


def network(draw, hidden=6):
    """Layers with drawn weights, and a batch normalisation with its buffers."""
    model = nn.Sequential(nn.Linear(4, hidden), nn.BatchNorm1d(hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, 2))
    model.load_state_dict(
        {
            name: draw.normal(" ".join(map(str, value.shape))) if value.is_floating_point() and value.ndim else value
            for name, value in model.state_dict().items()
        }
    )
    return model


def renamed(weights, old, new):
    return {name.replace(old, new): value for name, value in weights.items()}


def named(result):
    """The three lists by their names, where there are three."""
    if isinstance(result, tuple | list) and len(result) == 3:
        return dict(zip(("names that are missing", "names that are unexpected", "names of another shape"), result))
    return result


@case("the weights of the same model")
def same(answer, draw):
    model = network(draw)
    return named(answer.what_is_missing(model, network(draw).state_dict()))


@case("a layer with a typo in its name", repeat=2)
def typo(answer, draw):
    model = network(draw)
    layer = draw.choice(["0", "2", "3"])
    return named(answer.what_is_missing(model, renamed(model.state_dict(), f"{layer}.weight", f"{layer}.wieght")))


@case("the buffers of the batch normalisation are missing")
def buffers(answer, draw):
    model = network(draw)
    return named(
        answer.what_is_missing(
            model, {name: value for name, value in model.state_dict().items() if "running" not in name}
        )
    )


@case("another number of hidden units")
def wider(answer, draw):
    return named(answer.what_is_missing(network(draw), network(draw, hidden=7).state_dict()))


@case("a weight that is transposed, and one with another number of dimensions")
def transposed(answer, draw):
    model = network(draw)
    weights = model.state_dict()
    turned = {"0.weight": weights["0.weight"].T.contiguous(), "3.bias": weights["3.bias"][:, None]}
    return named(answer.what_is_missing(model, dict(weights) | turned))


@case("all three at once, in another order")
def all_three(answer, draw):
    model = network(draw)
    weights = dict(reversed(model.state_dict().items()))
    del weights["2.weight"], weights["0.bias"]
    weights |= {
        "3.bias": draw.normal("3"),
        "1.weight": draw.normal("1"),
        "z.weight": draw.normal("2"),
        "a.weight": draw.normal("2"),
    }
    return named(answer.what_is_missing(model, weights))


@case("a model inside another one")
def nested(answer, draw):
    model = nn.Sequential(network(draw), nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    weights = renamed(model.state_dict(), "1.0.", "1.1.")
    return named(answer.what_is_missing(model, weights))


@case("no weights at all")
def nothing(answer, draw):
    return named(answer.what_is_missing(network(draw), {}))


@case("a model without parameters")
def bare(answer, draw):
    return named(answer.what_is_missing(nn.ReLU(), network(draw).state_dict()))


@case("model and weights stay as they are")
def untouched(answer, draw):
    model, weights = network(draw), dict(network(draw).state_dict())
    del weights["3.bias"]
    weights["typo"] = draw.normal("2")
    answer.what_is_missing(model, weights)
    return {"the model afterwards": model.state_dict(), "the names in weights afterwards": list(weights)}
