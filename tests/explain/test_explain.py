"""Every kind of error is provoked by real code, and the explanation must name its kind and the real shapes."""

import copy
import json
import math
from collections.abc import Callable
from typing import Any

import matplotlib.figure
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import nn
from torch._utils import ExceptionWrapper
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split

from torchbook.errors import TorchbookError
from torchbook.explain import RULES, explain

ints = torch.tensor([1, 2])
images = torch.zeros(2, 3, 8, 8)


def parameter(*sizes: int) -> torch.Tensor:
    return torch.ones(*sizes, requires_grad=True)


def nothing(x: torch.Tensor) -> None:
    """A function without return."""


class NoReturn(nn.Module):
    def forward(self, x):
        x + 1


class NoInit(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(2, 2)


class Short(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, i):
        return torch.zeros(3)[i]


class Endless(Dataset):
    def __getitem__(self, i):
        return torch.zeros(3)


def twice(tensor: torch.Tensor) -> None:
    loss = (tensor**2).sum()
    loss.backward()
    loss.backward()


def changed() -> None:
    y = parameter(3, 2).exp()
    y += 1
    y.sum().backward()


def inference() -> None:
    with torch.inference_mode():
        x = torch.ones(3)
    (parameter(3) * x).sum().backward()


def assigned(target: Any, key: Any, value: Any) -> None:
    target[key] = value


def stepped() -> None:
    optimizer = torch.optim.SGD([parameter(2)], lr=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1, total_steps=3)
    for _ in range(4):
        optimizer.step()
        schedule.step()


def loaded(saved: Any, tmp: Any) -> None:
    torch.save(saved, tmp / "saved.pt")
    torch.load(tmp / "saved.pt", weights_only=True)


def cut_off(tmp: Any) -> None:
    torch.save(torch.zeros(1000), tmp / "whole.pt")
    (tmp / "half.pt").write_bytes((tmp / "whole.pt").read_bytes()[:500])
    torch.load(tmp / "half.pt")


def no_picture(tmp: Any) -> None:
    (tmp / "a.png").write_bytes(b"no picture")
    Image.open(tmp / "a.png")


def too_early() -> None:
    print(later)  # noqa: F821
    later = 1  # noqa: F841


def endless(n: int) -> int:
    return endless(n + 1)


def written(source: str) -> Callable[[], None]:
    """A function that runs these lines, for what a type checker or linter would not let pass."""
    return lambda: exec(source, {"torch": torch, "nn": nn, "np": np, "F": F})


Case = tuple[str, Callable[..., Any], tuple[str, ...]]

# The row that must explain it, the code, and words that must be said.
LOSSES: list[Case] = [
    (
        "labels-not-whole-numbers",
        lambda: F.cross_entropy(torch.zeros(4, 3), torch.zeros(4)),
        ("float32", "[4, 3]", "[4]", ".long()"),
    ),
    ("labels-not-whole-numbers", lambda: F.nll_loss(torch.zeros(4, 3), torch.zeros(4).int()), ("int32",)),
    (
        "label-out-of-bounds",
        lambda: F.cross_entropy(torch.zeros(4, 3), torch.tensor([0, 1, 2, 3])),
        ("3", "[4, 3]", "0 to 2", "4 outputs"),
    ),
    ("label-out-of-bounds", lambda: F.cross_entropy(torch.zeros(1, 3), torch.tensor([-7])), ("-7", "labels.min()")),
    (
        "labels-with-too-many-dimensions",
        lambda: F.cross_entropy(torch.zeros(4, 3), torch.zeros(4, 1).long()),
        ("[4, 3]", "[4, 1]", "squeeze(1)"),
    ),
    ("labels-as-probabilities", lambda: F.cross_entropy(torch.zeros(4, 3), torch.zeros(4, 3).long()), ("argmax",)),
    ("labels-as-probabilities", lambda: F.cross_entropy(torch.zeros(4).long(), torch.zeros(4).long()), ("logit",)),
    (
        "loss-batch-sizes",
        lambda: F.cross_entropy(torch.zeros(4, 3), torch.zeros(5).long()),
        ("4", "5", "[4, 3]", "[5]"),
    ),
    (
        "loss-picture-labels",
        lambda: F.cross_entropy(torch.zeros(2, 3, 8, 8), torch.zeros(2, 1, 8, 8).long()),
        ("[2, 1, 8, 8]", "squeeze(1)"),
    ),
    (
        "loss-picture-sizes",
        lambda: F.cross_entropy(torch.zeros(2, 3, 8, 8), torch.zeros(2, 7, 8).long()),
        ("[2, 7, 8]", "[2, 3, 8, 8]"),
    ),
    (
        "loss-picture-sizes",
        lambda: F.cross_entropy(torch.zeros(2, 3, 8), torch.zeros(2, 9).long()),
        ("[2, 8]", "[2, 9]"),
    ),
    (
        "probabilities-out-of-range",
        lambda: F.binary_cross_entropy(torch.full((4,), 3.0), torch.zeros(4)),
        ("[4]", "with_logits"),
    ),
    (
        "probabilities-out-of-range",
        lambda: F.binary_cross_entropy(torch.rand(4), torch.full((4,), 2.0)),
        ("Labels must be 0 or 1",),
    ),
    (
        "loss-shapes",
        lambda: F.binary_cross_entropy(torch.rand(4, 1), torch.zeros(4)),
        ("[4, 1]", "[4]", "unsqueeze(1)"),
    ),
    ("loss-shapes", lambda: F.binary_cross_entropy_with_logits(torch.rand(4, 2), torch.zeros(4)), ("[4, 2]", "[4]")),
    (
        "loss-of-whole-labels",
        lambda: F.binary_cross_entropy(torch.rand(4), torch.zeros(4).long()),
        ("int64", "float()"),
    ),
    (
        "in-place-dtype",
        lambda: F.binary_cross_entropy_with_logits(torch.rand(4), torch.zeros(4).long()),
        ("labels.float()",),
    ),
]

LAYERS: list[Case] = [
    (
        "conv-channels",
        lambda: nn.Conv2d(3, 8, 3)(torch.zeros(2, 1, 8, 8)),
        ("[2, 1, 8, 8]", "3 channels", "Conv2d(3, 8"),
    ),
    ("conv-channels", lambda: nn.Conv2d(3, 8, 3)(torch.zeros(2, 8, 8, 3)), ("[2, 8, 8, 3]", "permute(0, 3, 1, 2)")),
    ("conv-channels", lambda: nn.Conv1d(4, 8, 3)(torch.zeros(2, 5, 9)), ("[2, 5, 9]", "in_channels=5")),
    ("conv-channels", lambda: F.conv2d(images, torch.zeros(8, 4, 3, 3)), ("[8, 4, 3, 3]", "[2, 3, 8, 8]")),
    ("conv-dimensions", lambda: nn.Conv2d(3, 8, 3)(torch.zeros(8, 8)), ("[8, 8]", "conv2d")),
    ("kernel-larger-than-input", lambda: nn.Conv2d(3, 8, 5)(torch.zeros(2, 3, 4, 4)), ("[5, 5]", "[4, 4]")),
    ("pooled-to-nothing", lambda: F.max_pool2d(torch.zeros(2, 3, 1, 1), 2), ("[3, 1, 1]", "[3, 0, 0]")),
    ("pool-dimensions", lambda: F.max_pool2d(torch.zeros(2, 3), 2), ("[2, 3]",)),
    ("pool-padding", lambda: F.max_pool2d(images, 2, padding=2), ("2",)),
    ("stride-not-positive", lambda: nn.Conv2d(3, 8, 3, stride=0)(images), ("at least 1",)),
    ("same-padding-with-stride", lambda: nn.Conv2d(3, 8, 3, stride=2, padding="same"), ("padding=1",)),
    ("reflection-padding", lambda: F.pad(torch.zeros(1, 1, 2, 2), (3, 3, 3, 3), mode="reflect"), ("[1, 1, 2, 2]",)),
    ("batch-norm-one-value", lambda: nn.BatchNorm1d(3)(torch.zeros(1, 3)), ("[1, 3]", "eval()")),
    ("normalisation-channels", lambda: nn.BatchNorm2d(5)(images), ("5", "[2, 3, 8, 8]", "BatchNorm2d(3)")),
    ("normalisation-dimensions", lambda: nn.BatchNorm2d(3)(torch.zeros(2, 3)), ("4D", "[2, 3]")),
    ("layer-norm-shape", lambda: nn.LayerNorm(3)(torch.zeros(2, 4)), ("[3]", "[2, 4]")),
    ("does-not-divide", lambda: nn.Conv2d(3, 8, 3, groups=2), ("in_channels", "groups")),
    ("dropout-probability", lambda: nn.Dropout(50), ("50",)),
    ("recurrent-size", lambda: nn.LSTM(3, 4)(torch.zeros(4, 2, 5)), ("3", "5", "[4, 2, 5]")),
    ("recurrent-dimensions", lambda: nn.GRU(3, 4)(torch.zeros(4, 2, 3, 3)), ("4",)),
    ("initialise-a-vector", lambda: nn.init.xavier_uniform_(torch.zeros(3)), ("bias",)),
    ("one-yes-or-no-of-many", lambda: bool(torch.zeros(3) > 0), (".all()",)),
    ("one-yes-or-no-of-many", lambda: nn.ReLU(torch.zeros(3))(torch.zeros(3)), ("nn.ReLU()",)),
    ("one-yes-or-no-of-many", lambda: nn.MSELoss(torch.zeros(3), torch.zeros(3)), ("nn.MSELoss()(",)),
    ("one-yes-or-no-of-many", lambda: bool(np.zeros(3)), (".any()",)),
    ("no-forward", lambda: nn.ModuleList([nn.ReLU()])(images), ("ModuleList", "forward")),
    ("init-not-called", lambda: [NoInit()], ("super().__init__()",)),
    ("not-a-layer", written("nn.Sequential(nn.Linear(3, 2), torch.relu)"), ("relu", "nn.ReLU()")),
    ("not-a-layer", written("nn.Sequential([nn.Linear(3, 2)])"), ("list", "*layers")),
    ("tensor-as-parameter", lambda: setattr(nn.Linear(2, 2), "weight", torch.zeros(2, 2)), ("weight", "nn.Parameter")),
]

SHAPES: list[Case] = [
    ("matmul-shapes", lambda: torch.zeros(3, 4) @ torch.zeros(5, 4), ("[3, 4]", "[5, 4]", "a @ b.T", "[3, 5]")),
    ("matmul-shapes", lambda: torch.zeros(3, 4) @ torch.zeros(3, 2), ("a.T @ b", "[4, 2]")),
    ("matmul-shapes", lambda: torch.zeros(3, 4) @ torch.zeros(2, 3), ("b @ a", "[2, 4]")),
    ("matmul-shapes", lambda: torch.zeros(3, 4) @ torch.zeros(5, 6), ("[3, 4]", "[5, 6]")),
    (
        "matmul-shapes",
        lambda: nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(5, 2))(torch.zeros(7, 3)),
        ("`2`", "Linear(in_features=5, out_features=2)", "[7, 4]"),
    ),
    (
        "matmul-shapes",
        lambda: nn.Linear(784, 10)(torch.zeros(64, 1, 28, 28)),
        ("[64, 1, 28, 28]", "flatten(1)", "[64, 784]"),
    ),
    ("matmul-shapes", lambda: nn.Linear(9, 2)(torch.zeros(4, 2, 6, 6)), ("[4, 2, 6, 6]", "nn.Linear(72, 2)")),
    ("matrix-vector-shapes", lambda: torch.zeros(3, 4) @ torch.zeros(3), ("[3, 4]", "[3]")),
    ("dot-shapes", lambda: torch.dot(torch.zeros(3), torch.zeros(4)), ("3", "4")),
    ("dot-needs-vectors", lambda: torch.dot(torch.zeros(3, 3), torch.zeros(3)), ("2", "1")),
    ("batched-matmul-shapes", lambda: torch.zeros(2, 3, 4) @ torch.zeros(2, 5, 4), ("[2, 4]", "[2, 5]")),
    ("needs-a-matrix", lambda: torch.mm(torch.zeros(2, 3, 4), torch.zeros(4, 2)), ("torch.mm",)),
    ("matmul-with-a-scalar", lambda: torch.tensor(3.0) @ torch.zeros(3), ("`*`",)),
    ("einsum-shapes", lambda: torch.einsum("ij,jk->ik", torch.zeros(2, 3), torch.zeros(4, 5)), ("`j`", "3", "4")),
    ("einsum-letters", lambda: torch.einsum("ij->i", torch.zeros(2, 3, 4)), ("3 dimensions",)),
    ("broadcast", lambda: torch.zeros(3, 4) + torch.zeros(3), ("dimension 1", "4", "3")),
    ("in-place-broadcast", lambda: torch.zeros(3).add_(torch.zeros(2, 3)), ("[3]", "[2, 3]", "a = a + b")),
    ("does-not-fit-in", lambda: assigned(torch.zeros(3, 4), 0, torch.zeros(3)), ("[4]", "[3]")),
    ("expand-too-few-sizes", lambda: torch.zeros(2, 3).expand(3), ("[2, 3]", "[3]")),
    (
        "assign-shapes",
        lambda: assigned(torch.zeros(3), torch.tensor([True, True, False]), torch.zeros(3)),
        ("[3]", "[2]"),
    ),
    ("view-not-contiguous", lambda: torch.zeros(3, 4).T.view(12), ("contiguous", "reshape")),
    ("reshape-size", lambda: torch.zeros(3, 4).reshape(5, 2), ("12", "[5, 2]", "10")),
    ("reshape-size", lambda: torch.zeros(3, 4).view(5, -1), ("12", "[5, -1]", "multiple of 5")),
    ("reshape-two-unknowns", lambda: torch.zeros(3, 4).reshape(-1, -1), ("-1",)),
    ("reshape-negative", lambda: torch.zeros(3, 4).reshape(-2, 6), ("-2", "[-2, 6]")),
    ("unflatten-sizes", lambda: torch.zeros(3, 4).unflatten(1, (5, 2)), ("[5, 2]", "4")),
    ("cat-sizes", lambda: torch.cat([torch.zeros(2, 3), torch.zeros(2, 4)]), ("3", "4", "dimension 0")),
    ("cat-dimensions", lambda: torch.cat([torch.zeros(2, 3), torch.zeros(3)]), ("2", "1", "unsqueeze(0)")),
    ("cat-scalars", lambda: torch.cat([torch.tensor(1.0), torch.tensor(2.0)]), ("torch.stack",)),
    ("cat-nothing", lambda: torch.cat([]), ("empty",)),
    ("cat-nothing", lambda: torch.stack([]), ("empty",)),
    ("cat-not-a-list", written("torch.stack(torch.zeros(3), torch.zeros(3))"), ("torch.stack([a, b])",)),
    ("join-a-stranger", written("torch.cat([torch.zeros(3), None])"), ("NoneType", "1")),
    ("stack-sizes", lambda: torch.stack([torch.zeros(2, 3), torch.zeros(2, 4)]), ("[2, 3]", "[2, 4]")),
    ("stack-sizes", lambda: next(iter(DataLoader([torch.zeros(2), torch.zeros(3)], batch_size=2))), ("[2]", "[3]")),
    ("permute-count", lambda: torch.zeros(3, 4).permute(0, 1, 2), ("2 dimensions", "3")),
    ("permute-twice", lambda: torch.zeros(3, 4).permute(0, 0), ("once",)),
    ("t-needs-a-matrix", lambda: torch.zeros(2, 3, 4).t(), ("3 dimensions", "transpose(-1, -2)")),
    ("dimension-out-of-range", lambda: torch.zeros(3, 4).squeeze(2), ("2", "-2 to 1")),
    ("dimension-out-of-range", lambda: torch.zeros(3).transpose(0, 1), ("1 dimension ",)),
    ("repeat-too-few", lambda: torch.zeros(3, 3).repeat(2), ("repeat(2, 1)",)),
    ("split-sum", lambda: torch.zeros(3).split([1, 1]), ("[1, 1]", "3")),
    ("topk-too-many", lambda: torch.zeros(3).topk(5), ("x.shape",)),
    ("numpy-broadcast", lambda: np.zeros(3) + np.zeros(4), ("(3,)", "(4,)")),
    ("numpy-matmul", lambda: np.zeros((3, 4)) @ np.zeros((5, 4)), ("4", "5")),
    ("numpy-reshape", lambda: np.zeros(3).reshape(2, 2), ("3", "(2,2)")),
]

DTYPES: list[Case] = [
    (
        "matmul-dtypes",
        lambda: nn.Linear(4, 2)(torch.from_numpy(np.zeros((5, 4)))),
        ("float32", "float64", "[5, 4]", "NumPy", "x.float()"),
    ),
    ("matmul-dtypes", lambda: torch.zeros(3, 4) @ torch.zeros(4, 2).long(), ("float32", "int64")),
    ("matrix-vector-dtypes", lambda: torch.zeros(3, 4) @ torch.zeros(4).double(), ("float32", "float64")),
    ("matrix-vector-dtypes", lambda: torch.dot(torch.zeros(3), torch.zeros(3).double()), ("float32", "float64")),
    ("layer-dtype", lambda: nn.Conv2d(3, 8, 3)(images.byte()), ("uint8", "float32", "[2, 3, 8, 8]")),
    ("layer-dtype", lambda: nn.LSTM(3, 4)(torch.zeros(4, 2, 3).double()), ("float64", "float32")),
    ("normalisation-dtype", lambda: nn.BatchNorm1d(3)(torch.zeros(4, 3).double()), ("float64 [4, 3]",)),
    ("fractions-of-whole-numbers", lambda: ints.mean(), ("int64", "ints.float().mean()")),
    ("fractions-of-whole-numbers", lambda: (ints == ints).mean(), ("bool",)),
    ("spread-of-whole-numbers", lambda: ints.std(), ("x.float().std()",)),
    ("gradient-of-whole-numbers", lambda: torch.tensor([1, 2], requires_grad=True), ("floating-point",)),
    ("gradient-of-whole-numbers", lambda: torch.tensor([1, 2]).requires_grad_(), ("floating-point",)),
    ("in-place-dtype", lambda: torch.tensor([1, 2]).div_(2), ("float32", "int64")),
    ("assign-dtype", lambda: assigned(torch.zeros(3), ints, torch.zeros(2).double()), ("float32", "float64")),
    ("subtract-yes-and-no", lambda: 1 - (ints > 1), ("~mask",)),
    ("mask-needs-yes-and-no", lambda: torch.zeros(3).masked_fill(torch.zeros(3), 0), ("float32", "bool")),
    ("mask-needs-yes-and-no", lambda: torch.where(torch.zeros(3), torch.zeros(3), torch.zeros(3)), ("float32",)),
    ("compared-dtypes", lambda: torch.allclose(torch.zeros(3), torch.zeros(3).double()), ("float32", "float64")),
    ("not-for-this-dtype", lambda: ints.softmax(0), ("int64", "probabilities")),
    ("not-for-this-dtype", lambda: torch.zeros(3) & torch.zeros(3), ("float32", "(a > 0) & (b > 0)")),
    ("not-for-this-dtype", lambda: F.mse_loss(ints, ints), ("int64",)),
    ("index-dtype", lambda: nn.Embedding(3, 2)(torch.tensor([0.0, 1.0])), ("float32", "indices.long()")),
    ("index-dtype", lambda: torch.zeros(3, 4).gather(1, torch.zeros(3, 1)), ("whole numbers",)),
    ("array-of-objects", lambda: torch.tensor(np.array([1, None], dtype=object)), ("object",)),
    ("array-of-objects", lambda: torch.from_numpy(np.array(["a"])), ("str",)),
    ("text-in-a-tensor", lambda: torch.tensor(["a", "b"]), ("string",)),
    ("nothing-in-a-tensor", lambda: torch.tensor([1.0, None]), ("NoneType",)),
    ("too-large-for-dtype", lambda: torch.tensor(300, dtype=torch.uint8), ("uint8",)),
    ("too-large-for-dtype", lambda: torch.tensor(2**70), ("int64",)),
    ("gradient-dtype", lambda: setattr(parameter(3), "grad", torch.zeros(3).double()), ("float32", "float64")),
    ("dtype-as-text", written("torch.zeros(3, dtype='float32')"), ("torch.float32",)),
    ("size-not-whole", written("torch.zeros(4 / 2)"), ("float", "n // 2")),
    ("size-not-whole", written("nn.Linear(4 / 2, 3)"), ("float",)),
    ("size-not-whole", written("torch.randint(0, 5)"), ("brackets",)),
    ("one-hot-dtype", lambda: F.one_hot(torch.tensor([1.0, 2.0])), ("labels.long()",)),
]

DEVICES: list[Case] = [
    ("two-devices", lambda: torch.zeros(3) + torch.zeros(3, device="meta"), ("cpu", "meta", ".to(device)")),
    (
        "two-devices",
        lambda: nn.Linear(3, 2, device="meta")(torch.zeros(3, 3)),
        ("Linear(in_features=3, out_features=2)",),
    ),
    ("no-such-device", lambda: torch.zeros(3, device="gpu"), ("gpu", "'cuda'")),
    ("no-such-device", written("torch.zeros(3).to('float32')"), ("float32", "torch.float32")),
    ("numpy-of-a-gpu-tensor", lambda: torch.zeros(3, device="meta").numpy(), ("meta", ".cpu()")),
    ("no-numbers-on-meta", lambda: torch.zeros(1, device="meta").item(), ("meta",)),
    ("no-numbers-on-meta", lambda: nn.Linear(3, 2, device="meta").to("cpu"), ("to_empty",)),
    ("cpu-memory", lambda: torch.zeros(10**13), ("40 TB",)),
    ("too-large-to-count", lambda: torch.zeros(10**6, 10**6, 10**6, 10**6), ("[1000000, 1000000",)),
    ("numpy-memory", lambda: np.zeros(10**14), ("(100000000000000,)", "TiB")),
    ("python-memory", lambda: bytearray(10**17), ("loss.item()",)),
]

AUTOGRAD: list[Case] = [
    ("backward-without-graph", lambda: torch.zeros(3).sum().backward(), ("requires_grad=True", "no_grad")),
    ("backward-of-many", lambda: (parameter(3, 2) * 2).backward(), ("[3, 2]", "loss.mean().backward()")),
    ("backward-twice", lambda: twice(parameter(3)), ("detach", "retain_graph=True")),
    ("changed-before-backward", changed, ("[3, 2]", "`exp`", "y = y + 1")),
    ("leaf-in-place", lambda: parameter(3).add_(1), ("torch.no_grad()",)),
    ("leaf-in-place", lambda: assigned(parameter(3), 0, 1.0), ("torch.no_grad()",)),
    ("flag-of-a-result", lambda: setattr(parameter(3) * 2, "requires_grad", False), ("x.detach()",)),
    ("numpy-of-a-graph", lambda: parameter(3).numpy(), ("parameter(3).detach().numpy()",)),
    ("gradient-not-used", lambda: torch.autograd.grad(parameter(1).sum(), parameter(2)), ("allow_unused",)),
    ("gradient-of-a-constant", lambda: torch.autograd.grad(parameter(1).sum(), torch.zeros(2)), ("requires_grad",)),
    ("gradient-shape", lambda: (parameter(3) * 2).backward(torch.zeros(4)), ("[3]", "[4]")),
    ("gradient-shape", lambda: setattr(parameter(3), "grad", torch.zeros(4)), ("[3]", "[4]")),
    ("no-gradient-yet", lambda: parameter(3).grad.zero_(), ("zero_", "loss.backward()")),
    ("no-gradient-yet", lambda: parameter(3) - 0.1 * parameter(3).grad, ("None",)),
    ("copy-of-a-result", lambda: copy.deepcopy(parameter(3) * 2), ("x.detach().clone()",)),
    ("inference-tensor", inference, ("torch.no_grad()",)),
    ("in-place-on-repeated", lambda: torch.zeros(3, 1).expand(3, 4).add_(1), ("clone()",)),
    ("detach-a-view", lambda: parameter(3)[0].detach_(), ("x.detach()",)),
    ("resize-with-gradient", lambda: parameter(3).resize_(4), ("reshape",)),
    ("optimizer-of-a-result", lambda: torch.optim.SGD([parameter(3) * 2], lr=1), ("requires_grad_()",)),
]

INDEXING: list[Case] = [
    ("index-out-of-bounds", lambda: torch.zeros(3, 4)[0, 4], ("4", "dimension 1", "0 to 3")),
    ("index-out-of-bounds", lambda: torch.zeros(3)[torch.tensor([5])], ("5", "0 to 2")),
    ("index-out-of-bounds", lambda: np.zeros(3)[3], ("3", "0 to 2")),
    ("index-out-of-bounds", lambda: torch.zeros(0, 2)[0], ("nothing",)),
    ("select-out-of-bounds", lambda: torch.zeros(3, 4).select(1, 7), ("7", "[3, 4]", "0 to 3")),
    ("narrow-too-long", lambda: torch.zeros(3, 4).narrow(1, 2, 7), ("7", "2", "4")),
    ("window-too-long", lambda: torch.zeros(5).unfold(0, 7, 1), ("7", "5")),
    ("too-many-indices", lambda: torch.zeros(3)[0, 0], ("1",)),
    ("too-many-indices", lambda: np.zeros(3)[0, 0], ("1",)),
    ("index-of-a-scalar", lambda: torch.tensor(3.0)[0], ("x.item()",)),
    ("loop-over-a-scalar", lambda: list(torch.tensor(3.0)), ("0 dimensions",)),
    ("loop-over-a-scalar", lambda: len(torch.tensor(3.0)), ("0 dimensions",)),
    ("index-not-whole", lambda: torch.zeros(3)[1.0], ("float",)),
    ("index-not-whole", lambda: torch.zeros(3)[torch.tensor([0.0])], ("fractions",)),
    ("mask-shape", lambda: torch.zeros(3, 4)[torch.tensor([True, False])], ("[2]", "[3, 4]")),
    ("index-tensors-shapes", lambda: torch.zeros(3, 4)[torch.tensor([0, 1]), torch.tensor([0, 1, 2])], ("[2], [3]",)),
    ("index-dimensions", lambda: torch.zeros(3, 4).gather(1, torch.tensor([0, 1, 2])), ("unsqueeze(1)",)),
    ("embedding-index", lambda: nn.Embedding(3, 2)(torch.tensor([0, 3])), ("3 rows", "[3, 2]", "0 to 2")),
    ("one-hot-negative", lambda: F.one_hot(torch.tensor([-1, 2])), ("negative",)),
    ("one-hot-too-large", lambda: F.one_hot(torch.tensor([1, 5]), 3), ("num_classes",)),
    ("one-hot-of-nothing", lambda: F.one_hot(torch.tensor([]).long()), ("num_classes",)),
    ("many-as-one-number", lambda: torch.zeros(3).item(), ("3", "x.mean().item()")),
    ("many-as-one-python-number", lambda: math.exp(torch.zeros(3)), ("torch.exp(torch.zeros(3))",)),
    ("nothing-as-yes-or-no", lambda: bool(torch.tensor([])), ("numel()",)),
    ("tensor-as-count", lambda: range(torch.zeros(3)), ("int(x)",)),
    ("largest-of-nothing", lambda: torch.tensor([]).max(), ("max",)),
    ("largest-of-nothing", lambda: torch.zeros(0, 3).argmax(dim=0), ("argmax",)),
    ("negative-step", lambda: torch.zeros(3)[::-1], ("torch.flip",)),
    ("negative-step", lambda: torch.from_numpy(np.arange(3)[::-1]), ("array.copy()",)),
    ("range-the-wrong-way", lambda: torch.arange(5, 0), ("torch.arange(5, 0, -1)",)),
    ("range-without-step", lambda: torch.arange(0, 5, 0), ("linspace",)),
    ("random-bounds", lambda: torch.randint(5, 5, (3,)), ("5",)),
    ("negative-size", lambda: torch.zeros(-1), ("negative",)),
]

DATA: list[Case] = [
    ("optimizer-without-parameters", lambda: torch.optim.Adam(nn.ReLU().parameters()), ("model.parameters()",)),
    ("optimizer-takes-a-list", lambda: torch.optim.SGD(parameter(3), lr=1), ("[w]",)),
    ("optimizer-of-strangers", lambda: torch.optim.SGD([nn.Linear(3, 2)], lr=1), ("Linear",)),
    ("optimizer-same-twice", lambda: torch.optim.SGD([{"params": p} for p in [[parameter(1)]] * 2]), ("twice",)),
    ("optimizer-settings", lambda: torch.optim.SGD([parameter(3)], lr=-1), ("learning rate", "-1")),
    ("schedule-too-long", stepped, ("3 steps", "4")),
    (
        "schedule-without-length",
        lambda: torch.optim.lr_scheduler.OneCycleLR(torch.optim.SGD([parameter(1)]), max_lr=1),
        ("total_steps",),
    ),
    ("schedule-of-a-stranger", lambda: torch.optim.lr_scheduler.StepLR(nn.Linear(2, 2), 1), ("Linear",)),
    ("tensors-of-different-length", lambda: TensorDataset(torch.zeros(3), torch.zeros(4)), ("first size",)),
    ("split-does-not-add-up", lambda: random_split(TensorDataset(torch.zeros(3)), [2, 2]), ("len(dataset) - n_train",)),
    ("loader-of-nothing", lambda: DataLoader([], shuffle=True), ("len(dataset)",)),
    ("batch-size-not-positive", lambda: DataLoader([1], batch_size=0), ("0",)),
    ("shuffle-and-sampler", lambda: DataLoader([1], shuffle=True, sampler=[0]), ("one out",)),
    ("cannot-be-a-batch", lambda: next(iter(DataLoader([None, None]))), ("NoneType",)),
    ("examples-of-different-length", lambda: next(iter(DataLoader([(1, 2), (1,)], batch_size=2))), ("same number",)),
    ("dataset-without-getitem", lambda: Dataset()[0], ("__getitem__",)),
    ("dataset-without-length", lambda: DataLoader(Endless(), shuffle=True), ("Endless", "__len__")),
    ("array-in-a-tensor-dataset", written("torch.utils.data.TensorDataset(np.zeros(3))"), ("torch.from_numpy",)),
    (
        "attention-size",
        lambda: torch.nn.TransformerEncoderLayer(8, 2)(torch.zeros(1, 3, 4)),
        ("8 features", "d_model=4"),
    ),
    ("negative-power-of-whole-numbers", lambda: np.array([1, 2]) ** -1, ("astype(float)",)),
    ("singular-matrix", lambda: torch.linalg.inv(torch.zeros(2, 2)), ("pinv",)),
    ("not-square", lambda: torch.linalg.inv(torch.zeros(2, 3)), ("2 by 3",)),
    ("no-probabilities", lambda: torch.multinomial(torch.tensor([-1.0, 2.0]), 1), ("softmax",)),
    ("no-probabilities", lambda: torch.bernoulli(torch.tensor([2.0])), ("sigmoid",)),
    ("sample-too-many", lambda: torch.multinomial(torch.tensor([1.0, 2.0]), 3), ("replacement=True",)),
    (
        "picture-for-matplotlib",
        lambda: matplotlib.figure.Figure().subplots().imshow(torch.zeros(3, 8, 8)),
        ("[3, 8, 8]", "permute(1, 2, 0)"),
    ),
]

FILES: list[Case] = [
    ("other-weights", lambda: nn.Linear(3, 2).load_state_dict({"weight": torch.zeros(2, 3)}), ("`bias`", "Linear")),
    (
        "other-weights",
        lambda: nn.Linear(3, 2).load_state_dict(nn.Linear(4, 2).state_dict()),
        ("`weight`", "[2, 4]", "[2, 3]"),
    ),
    (
        "other-weights",
        lambda: nn.Linear(3, 2).load_state_dict(
            {f"module.{k}": v for k, v in nn.Linear(3, 2).state_dict().items()},
        ),
        ("`module.weight`", "removeprefix('module.')"),
    ),
    ("not-a-state-dict", lambda: nn.Linear(3, 2).load_state_dict(nn.Linear(3, 2)), ("Linear", "state_dict()")),
    (
        "other-optimizer",
        lambda: torch.optim.SGD([parameter(1)]).load_state_dict(
            torch.optim.SGD([parameter(1), parameter(2)]).state_dict()
        ),
        ("parameters",),
    ),
    ("not-only-weights", lambda tmp: loaded(nn.Linear(2, 2), tmp), ("state_dict()", "foreign code")),
    ("damaged-file", cut_off, ("cut off",)),
    ("damaged-file", lambda tmp: ((tmp / "empty.pt").touch(), torch.load(tmp / "empty.pt")), ("empty",)),
    ("missing-folder", lambda tmp: torch.save(torch.zeros(1), tmp / "no" / "a.pt"), ("no`", "mkdir")),
    ("missing-file", lambda: torch.load("no-such-file.pt"), ("no-such-file.pt",)),
    ("folder-instead-of-file", lambda tmp: torch.load(tmp), ("folder",)),
    ("not-a-picture", no_picture, ("a.png",)),
]

PYTHON: list[Case] = [
    ("ragged-list", lambda: torch.tensor([[1, 2], [3]]), ("2", "1")),
    ("ragged-array", lambda: np.array([[1, 2], [3]]), ("lengths",)),
    ("argument-not-a-tensor", lambda: nn.Linear(3, 2)(nothing(images)), ("linear", "None", "return")),
    ("argument-not-a-tensor", lambda: nn.Linear(3, 2)(np.zeros(3)), ("NumPy", "torch.from_numpy")),
    ("argument-not-a-tensor", lambda: nn.Linear(2, 2)(nn.LSTM(2, 2)(torch.zeros(1, 1, 2))), ("tuple", "output, state")),
    ("not-an-array", lambda: torch.from_numpy([1, 2]), ("list", "torch.tensor")),
    ("wrong-arguments", lambda: torch.max(3, 4), ("torch.max", "int, int")),
    ("wrong-arguments", lambda: torch.zeros(4).view(4 / 2, 2), ("torch.Tensor.view", "float, int")),
    ("missing-argument", lambda: nn.Linear(3), ("`Linear`", "out_features")),
    ("missing-argument", lambda: nn.MSELoss()(images), ("target",)),
    ("sizes-as-a-list", lambda: torch.tensor(1, 2, 3), ("torch.tensor([1, 2, 3])",)),
    ("sizes-as-a-list", lambda: torch.zeros(4 / 2, 3), ("zeros", "n // 2")),
    ("too-many-arguments", lambda: nn.Linear(3, 2)(torch.zeros(3), torch.zeros(3)), ("1 argument,", "given 2")),
    ("too-many-arguments", lambda: nothing(1, 2), ("1 argument,", "given 2")),
    ("unknown-argument", lambda: torch.optim.SGD([parameter(1)], learning_rate=1), ("learning_rate", "`lr`")),
    ("nothing-where-an-object-should-be", lambda: NoReturn()(torch.zeros(3)).shape, ("None", "shape", "return")),
    ("unpack-one", written("a, b = None"), ("None",)),
    ("not-to-be-gone-through", lambda: torch.optim.SGD(nn.Linear(2, 2).parameters), ("brackets",)),
    ("brackets-missing", lambda: torch.zeros(3).size[0], ("size(0)", "shape[0]")),
    ("shape-called", lambda: torch.zeros(3).shape(0), ("x.shape[0]",)),
    ("tensor-called", written("x = torch.zeros(3)\nx(0)"), ("x[0]",)),
    ("loader-has-no-index", lambda: DataLoader([1])[0], ("dataset[0]",)),
    ("strange-operands", lambda: torch.zeros(3) + nothing(images), ("None", "return")),
    ("strange-operands", lambda: torch.zeros(3).sum + 1, (".sum()",)),
    ("strange-operands", lambda: torch.zeros(3) - [1, 2, 3], ("list", "torch.tensor([1, 2, 3])")),
    ("strange-operands", lambda: np.zeros(2) @ torch.zeros(2), ("NumPy", "torch.from_numpy(array)")),
    ("strange-comparison", lambda: nothing(images) > 3, ("None", "return")),
    ("list-of-lists", lambda: eval("x[0, 1]", {"x": [[1, 2]]}), ("tuple", "torch.tensor(values)")),
    ("list-too-short", lambda: [1, 2][2], ("-1",)),
    ("no-such-layer-number", lambda: nn.Sequential(nn.ReLU())[3], ("3",)),
    ("text-and-number", lambda: "loss: " + torch.zeros(1), ("Tensor", "loss.item()")),
    ("format-of-a-tensor", lambda: f"{torch.zeros(3):.2f}", ("item()",)),
    ("tensor-in-json", lambda: json.dumps(torch.zeros(3)), ("tolist()",)),
    ("unpack-too-many", written("a, b = torch.zeros(3)"), ("2",)),
    ("unpack-too-few", written("a, b, c = 1, 2"), ("3", "2")),
    ("value-before-it-exists", too_early, ("later",)),
    ("unknown-name", written("loss = 1\nprint(los)"), ("los", "`loss`")),
    ("unknown-name", written("plt.show()"), ("import matplotlib.pyplot as plt",)),
    ("unknown-in-module", lambda: torch.arrange(3), ("arrange", "torch.arange")),
    ("unknown-in-module", lambda: nn.linear(3, 2), ("torch.nn.Linear",)),
    ("unknown-in-module", written("from torch import aranje"), ("torch.arange",)),
    ("unknown-module", written("import torchy"), ("torchy",)),
    ("unknown-attribute", lambda: nn.Linear(3, 2).weigth, ("weigth", "`weight`")),
    ("unknown-attribute", lambda: torch.zeros(3).shpae, ("`shape`",)),
    ("unknown-attribute", lambda: torch.zeros(3).sum().item().backward(), ("before `loss.item()`",)),
    ("unknown-attribute", lambda: torch.zeros(3, 4).max(1).float(), ("values, indices",)),
    ("unknown-attribute", lambda: iter(DataLoader([1])).next(), ("next(iterator)",)),
    ("unknown-key", lambda: nn.Linear(2, 2).state_dict()["weights"], ("weights",)),
    ("division-by-zero", lambda: ints // 0, ("0",)),
    ("endless-call", lambda: endless(0), ("itself",)),
    ("not-to-be-gone-through", lambda: torch.optim.SGD(nn.Linear(3, 2), lr=1), ("Linear", "model.parameters()")),
    ("not-to-be-gone-through", written("for i in 3: pass"), ("range(n)",)),
    ("list-times-number", lambda: [1.0, 2.0] * 0.5, ("torch.tensor(values)",)),
    ("text-instead-of-number", lambda: float("1,5"), ("1,5",)),
    ("cannot-be-read", lambda: compile("a = 1\nb = [1 2]", "<x>", "exec"), ("line 2",)),
]

CASES = [*LOSSES, *LAYERS, *SHAPES, *DTYPES, *DEVICES, *AUTOGRAD, *INDEXING, *DATA, *FILES, *PYTHON]

# What torch says on other machines (recorded; there is no GPU here) and said in its versions since 2.0.
RECORDED: list[tuple[str, BaseException, tuple[str, ...]]] = [
    (
        "two-devices",
        RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! "
            "(when checking argument for argument mat1 in method wrapper_CUDA_addmm)"
        ),
        ("`cuda:0`", "`cpu`"),
    ),
    (
        "two-devices",
        RuntimeError(
            "Expected all tensors to be on the same device, but got mat1 is on cpu, different from other tensors on "
            "cuda:0 (when checking argument in method wrapper_CUDA_addmm)"
        ),
        ("`cpu`", "`cuda:0`"),
    ),
    (
        "input-and-weight-devices",
        RuntimeError("Input type (torch.cuda.FloatTensor) and weight type (torch.FloatTensor) should be the same"),
        ("torch.cuda.FloatTensor",),
    ),
    (
        "index-device",
        RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cuda:0)"),
        ("cuda:0",),
    ),
    ("no-such-gpu-support", AssertionError("Torch not compiled with CUDA enabled"), ("CUDA",)),
    ("no-such-gpu", RuntimeError("CUDA error: invalid device ordinal"), ("device_count",)),
    (
        "no-such-backend",
        NotImplementedError("Could not run 'aten::empty.memory_format' with arguments from the 'MPS' backend."),
        ("MPS",),
    ),
    ("gpu-memory", RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has ..."), ("2.00 GiB",)),
    ("device-assert", RuntimeError("CUDA error: device-side assert triggered"), ("labels.max()",)),
    (
        "weights-of-a-gpu",
        RuntimeError(
            "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are ..."
        ),
        ("map_location='cpu'",),
    ),
    ("labels-not-whole-numbers", RuntimeError("expected scalar type Long but found Float"), ("float32",)),
    ("scalar-type", RuntimeError("expected scalar type Double but found Float"), ("float64", "float32", "x.double()")),
    (
        "kernel-larger-than-input",
        RuntimeError(
            "Calculated padded input size per channel: (4 x 4). Kernel size: (5 x 5). Kernel size can't be greater "
            "than actual input size"
        ),
        ("[5, 5]",),
    ),
]


def provoked(code: Callable[..., Any], tmp: Any) -> BaseException:
    with pytest.raises(Exception) as caught:
        code(tmp) if code.__code__.co_argcount else code()
    return caught.value


@pytest.mark.parametrize(("name", "code", "said"), CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)])
@pytest.mark.filterwarnings("ignore")
def test_explains_what_real_code_provokes(name, code, said, tmp_path):
    told = explain(provoked(code, tmp_path))
    assert told is not None
    assert told.name == name
    assert [word for word in said if word not in f"{told.what} {told.fix}"] == []


@pytest.mark.parametrize(("name", "error", "said"), RECORDED, ids=[case[0] for case in RECORDED])
def test_explains_what_other_machines_and_versions_say(name, error, said):
    told = explain(error)
    assert told is not None
    assert told.name == name
    assert [word for word in said if word not in f"{told.what} {told.fix}"] == []


def test_every_row_has_a_name_of_its_own_and_a_known_kind():
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    kinds = {"shape", "dtype", "device", "autograd", "index", "value", "memory", "worker", "file", "python"}
    assert {row.kind for row in RULES} == kinds


def test_the_tensors_of_the_failing_line_are_described():
    def answer(x, weights):
        hidden = x.relu()
        return hidden @ weights

    told = explain(provoked(lambda: answer(torch.zeros(5, 3), torch.zeros(4, 2, dtype=torch.float64)), None))
    assert told is not None
    assert told.seen == ("hidden: float32 [5, 3]", "weights: float64 [4, 2]")
    assert "In that line: hidden: float32 [5, 3]; weights: float64 [4, 2]." in str(told)


def test_parameters_of_a_module_are_described_without_running_its_code():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(4, 2))

        @property
        def trap(self):
            raise SystemExit

        def forward(self, x):
            return (x @ self.weight).view(-1, self.trap)

    told = explain(provoked(lambda: Model()(torch.zeros(5, 3)), None))
    assert told is not None
    assert told.seen == ("x: float32 [5, 3]", "self.weight: float32 [4, 2]")


def in_a_worker(code: Callable[[], Any]) -> None:
    """Fails as torch does when this code fails in a worker process of a data loader."""
    try:
        code()
    except Exception:
        ExceptionWrapper(where="in DataLoader worker process 0").reraise()


def test_the_error_of_a_worker_of_the_loader_is_explained():
    told = explain(provoked(lambda: in_a_worker(lambda: torch.zeros(3)[3]), None))
    assert told is not None
    assert told.name == "index-out-of-bounds"
    assert "In a worker process of the data loader: Index 3 does not exist" in told.what


@pytest.mark.slow
def test_a_real_worker_of_the_loader():
    told = explain(provoked(lambda: list(DataLoader(Short(), num_workers=1)), None))
    assert told is not None
    assert "In a worker process of the data loader: Index 3 does not exist" in told.what


def test_what_is_not_known_is_not_explained():
    class Silent(Exception):
        def __str__(self):
            raise ValueError

    # What `input()` says is of no file.
    for error in (ValueError("x"), EOFError("EOF when reading a line"), KeyboardInterrupt(), Silent(), Exception()):
        assert explain(error) is None
    assert explain(TorchbookError("index 3 is out of bounds for dimension 0 with size 3")) is None


@settings(max_examples=60, deadline=None)
@given(row=st.sampled_from(RULES), data=st.data())
def test_never_fails_whatever_the_message(row, data):
    """A message that fits a pattern in form only, with any numbers in it, is explained or left alone."""
    message = data.draw(st.from_regex(row.pattern.replace("^", "").replace("$", "").replace("(?s)", "")))
    kind = data.draw(st.sampled_from([RuntimeError, TypeError, ValueError, IndexError, AttributeError, KeyError]))
    told = explain(kind(message))
    assert told is None or told.what


def test_objects_that_cannot_be_looked_at_do_no_harm():
    class Broken(nn.Module):
        def __init__(self):
            pass

        def forward(self, x):
            return nn.Linear(5, 1)(x)

    told = explain(provoked(lambda: Broken.forward(Broken(), torch.zeros(2, 3)), None))
    assert told is not None
    assert told.name == "matmul-shapes"
    assert told.seen == ()


def test_shapes_are_only_named_where_it_is_certain():
    def answer(x, y):
        return x.sum(dim=1) + y

    told = explain(provoked(lambda: answer(torch.zeros(3, 7), torch.zeros(4)), None))
    assert told is not None
    assert told.what.startswith("Two tensors should be combined number by number, but in dimension 0 one has 3")
    told = explain(provoked(lambda: answer(torch.zeros(3), torch.zeros(4)), None))
    assert told is not None
    assert told.name == "dimension-out-of-range"


def test_both_shapes_are_in_the_sentence():
    scores, totals = torch.zeros(3, 7), torch.zeros(3)
    told = explain(provoked(lambda: scores / totals, None))
    assert told is not None
    assert told.what.startswith("`scores` has shape [3, 7] and `totals` has shape [3]: in dimension 1 one has 7")


def test_who_watches_the_calls_is_left_out():
    class Watch(TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            return function(*args, **(kwargs or {}))

    def answer(hidden, totals):
        with Watch():
            return hidden / totals

    told = explain(provoked(lambda: answer(torch.zeros(3, 7), torch.zeros(3)), None))
    assert told is not None
    assert told.seen == ("hidden: float32 [3, 7]", "totals: float32 [3]")


# Code that must be in the advice, and must work where the error was.
ADVICE: list[tuple[Callable[..., Any], str, dict[str, Any]]] = [
    (lambda a, b: a @ b, "a @ b.T", {"a": torch.zeros(3, 4), "b": torch.zeros(5, 4)}),
    (lambda a, b: a @ b, "a.T @ b", {"a": torch.zeros(3, 4), "b": torch.zeros(3, 2)}),
    (lambda a, b: a @ b, "b @ a", {"a": torch.zeros(3, 4), "b": torch.zeros(2, 3)}),
    (lambda a, b: a @ b, "a @ b.transpose(-1, -2)", {"a": torch.zeros(2, 3, 4), "b": torch.zeros(2, 5, 4)}),
    (lambda x: nn.Linear(784, 10)(x), "x.flatten(1)", {"x": torch.zeros(2, 1, 28, 28)}),
    (lambda x: nn.Conv2d(3, 8, 3)(x), "x.permute(0, 3, 1, 2)", {"x": torch.zeros(2, 8, 8, 3)}),
    (lambda x: nn.Conv2d(3, 8, 3)(x), "x.expand(-1, 3, -1, -1)", {"x": torch.zeros(2, 1, 8, 8)}),
    (lambda x: x.view(12), "x.contiguous().view(...)", {"x": torch.zeros(3, 4).T}),
    (lambda x: x.mean(), "x.float().mean()", {"x": torch.tensor([1, 2])}),
    (lambda x: x.requires_grad_(), "x.float().requires_grad_()", {"x": torch.tensor([1, 2])}),
    (lambda x: x.numpy(), "x.detach().numpy()", {"x": parameter(3)}),
    (lambda x: math.exp(x), "torch.exp(x)", {"x": torch.zeros(3)}),
    (lambda x: x[::-1], "torch.flip(x, dims=[0])", {"x": torch.zeros(3)}),
    (lambda x: x.repeat(2), "x.repeat(2, 1)", {"x": torch.zeros(2, 2)}),
    (lambda x: x.item(), "x.mean().item()", {"x": torch.zeros(3)}),
    (lambda a, b: torch.allclose(a, b), "torch.allclose(a, b.to(a.dtype))", {"a": ints.float(), "b": ints.double()}),
    (
        lambda x, size: nn.Embedding(2, size)(x),
        "nn.Embedding(int(x.max()) + 1, size)",
        {"x": torch.tensor([5]), "size": 2},
    ),
    (
        lambda labels: F.cross_entropy(torch.zeros(2, 3), labels),
        "labels.squeeze(1)",
        {"labels": torch.zeros(2, 1).long()},
    ),
    (
        lambda logits, labels: F.binary_cross_entropy(logits, labels),
        "F.binary_cross_entropy_with_logits(logits, labels)",
        {"logits": torch.full((2,), 3.0), "labels": torch.zeros(2)},
    ),
    (lambda: torch.arange(5, 0), "torch.arange(5, 0, -1)", {}),
    (lambda x, b: x - b, "b.unsqueeze(1)", {"x": torch.zeros(10, 3), "b": torch.zeros(10)}),
    (lambda b, x: b / x, "b.unsqueeze(1)", {"x": torch.zeros(2, 5, 3), "b": torch.zeros(2, 3)}),
    (lambda x, y: x * y, "x.T", {"x": torch.zeros(10, 3), "y": torch.zeros(3, 10)}),
    (lambda w: torch.optim.SGD(w, lr=0.1), "torch.optim.SGD([w], lr=0.1)", {"w": parameter(2)}),
]


@pytest.mark.parametrize(("code", "advice", "names"), ADVICE, ids=[case[1] for case in ADVICE])
def test_what_is_advised_works(code, advice, names):
    with pytest.raises(Exception) as caught:
        code(**names)
    told = explain(caught.value)
    assert told is not None
    assert f"`{advice}`" in told.fix
    value = eval(advice.replace("...", "-1"), {"torch": torch, "nn": nn, "F": F, **names})
    if told.name == "broadcast":
        changed = {name: value if advice.startswith(name) else tensor for name, tensor in names.items()}
        code(**changed)
