import torch

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "Dropout")


SHAPE = (40, 50)  # enough for a share, and few enough for a loop over all numbers


def near(value, grid):
    """A share that was measured, as a multiple of `grid`, since chance moves it a little."""
    return round(round(value / grid) * grid, 3)


def named(out):
    """What came in the place of a tensor of the right shape, without the random numbers in a tuple."""
    return f"a {type(out).__name__} of {len(out)}" if isinstance(out, tuple | list) else out


@case("p = 0.5", p=0.5)
@case("p = 0.2", p=0.2)
@case("p = 0.8", p=0.8)
@case("p = 0", p=0.0)
@case("p = 0.2 in double precision", p=0.2, dtype=torch.float64)
def ones(answer, draw, p, dtype=torch.float32):
    """Many ones: what becomes of them, and how many become 0."""
    out = answer.drop(torch.ones(SHAPE, dtype=dtype), p, True)
    if not isinstance(out, torch.Tensor) or out.shape != SHAPE:
        return {"what comes out": named(out)}
    return {
        "dtype": str(out.dtype),
        "share that is 0": near((out == 0).double().mean().item(), 0.1),
        "the values that occur": out.detach().unique().double(),
    }


@case("how chance comes in")
def chance(answer, draw):
    """Each number for itself: neither whole rows nor columns, nor always as many, nor always the same."""
    outs = [answer.drop(torch.ones(SHAPE), 0.3, True) for _ in range(6)]
    if not all(isinstance(out, torch.Tensor) and out.shape == SHAPE for out in outs):
        return {"what comes out": named(outs[0])}
    zeros = [out == 0 for out in outs]
    return {
        "a second call gives another mask": not torch.equal(zeros[0], zeros[1]),
        "the number of zeros differs from call to call": len({each.sum().item() for each in zeros}) > 1,
        "whole rows are dropped": bool(zeros[0].all(dim=1).any()),
        "whole columns are dropped": bool(zeros[0].all(dim=0).any()),
        "all rows have the same mask": bool((zeros[0] == zeros[0][:1]).all()),
        "all columns have the same mask": bool((zeros[0] == zeros[0][:, :1]).all()),
    }


@case("the same seed, set before each of two calls")
def generator(answer, draw):
    """Whether the random numbers are those of PyTorch's own generator."""
    outs = []
    for _ in range(2):
        torch.manual_seed(11)
        outs.append(answer.drop(torch.ones(SHAPE), 0.3, True))
    if not all(isinstance(out, torch.Tensor) and out.shape == SHAPE for out in outs):
        return {"what comes out": named(outs[0])}
    return {"the same mask twice": torch.equal(*outs)}


@case("drawn numbers, some below 0", shape="batch units")
@case("a vector", shape="units")
@case("pictures", shape="3 4 5 6")
def kept_ones(answer, draw, shape):
    """What is left is the number itself, divided by 1 - p."""
    x = draw.normal(shape, std=2.0)
    out = answer.drop(x, 0.5, True)
    if not isinstance(out, torch.Tensor) or out.shape != x.shape:
        return {"what comes out": named(out)}
    return {
        "shape": list(out.shape),
        "each is 0 or twice what it was": bool(((out == 0) | torch.isclose(out, 2 * x)).all()),
    }


@case("not training", p=0.5)
@case("not training, and a large p", p=0.9)
def at_rest(answer, draw, p):
    return answer.drop(draw.normal("batch units"), p, False)


@case("p = 0 changes nothing")
def nothing_to_drop(answer, draw):
    return answer.drop(draw.normal("batch units"), 0.0, True)


@case("gradients")
def slopes(answer, draw):
    x = draw.normal("30 40").requires_grad_()
    out = answer.drop(x, 0.75, True)
    if not isinstance(out, torch.Tensor) or not out.requires_grad:
        return {"gradients flow": False}
    (slope,) = gradients(out.sum(), x)
    return {
        "gradients flow": True,
        "slopes": slope.unique(),
        "0 where a number is dropped": torch.equal(slope == 0, out == 0),
    }
