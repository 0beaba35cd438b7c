"""A linear head on features that do not change: logistic regression, its regularisation chosen by cross-validation."""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from torchbook.models.transfer import distances

# Strengths that are tried, from strong to weak, half a power of ten apart.
STRENGTHS = tuple(10.0 ** (step / 2) for step in range(2, -10, -1))
# Where there is nothing to choose by.
USUAL = 0.1
FOLDS = 5
# The share of a class's own pictures that may be taken for foreign, and how many training pictures are kept to compare.
OWN_BEYOND, MOST_REFERENCES = 0.04, 2000
# Float64 up to so many numbers; above it the sums are long, and float32 halves the time.
EXACT = 4_000_000
# What L-BFGS remembers of its steps, in numbers; with a thousand classes each step is a million.
MOST_REMEMBERED = 20_000_000
# Products in one pass over all rows up to which every fold is held out once.
MOST_CROSSED = 100_000_000
# Products in one pass over the rows times steps of a fit; a fit takes at least the fewest steps.
MOST_WORK, FEWEST_STEPS = 2e11, 10


@dataclass(frozen=True)
class Head:
    """The weight `[classes, features]` and bias of a linear layer for features as they come, the `strength` of its
    regularisation, and the logits that the training pictures of the numbers `rows` got from a head that had not seen
    them (None where a class has a single picture, so that nothing could be held out)."""

    weight: Tensor
    bias: Tensor
    strength: float
    held_out: Tensor | None
    rows: Tensor | None


class Fitted:
    """What a run keeps of a model that no loop trains."""

    def __init__(self, model: nn.Module):
        self.model = model

    def modules(self) -> dict[str, nn.Module]:
        return {"model": self.model}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])


def fit_head(
    features: Float[Tensor, "count looks features"], labels: Int[Tensor, "count"], *, classes: int, seed: int = 0
) -> Head:
    """Fits a logistic regression with an L2 penalty to every look at every picture.

    The penalty is the one with the smallest cross-entropy on pictures held out, in five folds inside these; all looks
    at a picture are in one fold, and at a picture that was held out they are averaged. With many pictures of many
    classes a single fold is held out. Features are standardised for the fit; the layer that is returned takes them as
    they are.
    """
    if features.numel() > EXACT:
        return _fitted(features, labels, classes, seed, torch.float32)
    # Products this small are slower with several threads, and many times so on a busy machine.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _fitted(features, labels, classes, seed, torch.float64)
    finally:
        torch.set_num_threads(threads)


def _fitted(features: Tensor, labels: Tensor, classes: int, seed: int, dtype: torch.dtype) -> Head:
    fewest = int(torch.bincount(labels, minlength=classes)[labels.unique()].min())
    strength, held_out, rows = USUAL, None, None
    if fewest > 1:
        strength, held_out, rows = _chosen(features, labels, classes, seed, dtype)
    whole = _Part(features, labels, torch.ones(len(labels), dtype=torch.bool), classes, dtype)
    whole.fit(strength)
    weight, bias = whole.layer()
    return Head(weight.float(), bias.float(), strength, held_out, rows)


def _chosen(
    features: Tensor, labels: Tensor, classes: int, seed: int, dtype: torch.dtype
) -> tuple[float, Tensor, Tensor]:
    """Returns the best strength, and the logits of the pictures held out with the numbers of these."""
    folds = fold_numbers(labels, count=FOLDS, seed=seed)
    held, strengths = folds >= 0, STRENGTHS
    if features.numel() * classes > MOST_CROSSED:
        # A fifth of so many says enough, and so do the looks' mean and every second strength.
        held, strengths, features = folds == 0, STRENGTHS[::2], features.mean(1, keepdim=True)
    numbers = folds[held].unique().tolist()
    parts = [(fold, _Part(features, labels, folds != fold, classes, dtype)) for fold in numbers]
    best, strength, held_out, worse = float("inf"), USUAL, torch.empty(0), 0
    logits = torch.zeros(len(labels), classes, dtype=dtype)
    for tried in strengths:
        for fold, part in parts:
            part.fit(tried)
            logits[folds == fold] = part.logits(features[folds == fold].mean(1))
        error = F.cross_entropy(logits[held], labels[held]).item()
        if error < best:
            best, strength, held_out, worse = error, tried, logits[held].float(), 0
        else:
            worse += 1
        # The error has one valley; weaker penalties take ever longer.
        if worse == (2 if strengths is STRENGTHS else 1):
            break
    return strength, held_out, held.nonzero().flatten()


def familiarity(
    features: Float[Tensor, "count features"],
    held_out: Float[Tensor, "others features"] | None = None,
    *,
    labels: Int[Tensor, "count"],
    seed: int = 0,
) -> tuple[Tensor, float]:
    """Returns the references of a `Transfer` and its limit, by the mean features of its training pictures.

    The limit is what one in twenty-five pictures of the classes themselves is beyond: those `held_out`, or else these
    in five folds, each compared with the others. There is none (infinity) where fewer than ten pictures could say it.
    """
    references = F.normalize(features, dim=1)
    references = spread(references, MOST_REFERENCES)
    if held_out is not None:
        far = distances(spread(held_out, MOST_REFERENCES), references)
    else:
        features, labels = spread(features, MOST_REFERENCES), spread(labels, MOST_REFERENCES)
        folds = fold_numbers(labels, count=FOLDS, seed=seed)
        parts = [(features[folds == fold], references[folds != fold]) for fold in range(FOLDS)]
        far = torch.cat([distances(*part) for part in parts if len(part[0]) and len(part[1])])
    limit = far.quantile(1 - OWN_BEYOND).item() if len(far) >= 10 else float("inf")
    return references, limit


def spread(rows: Tensor, most: int) -> Tensor:
    """Returns at most so many of the rows, evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[torch.linspace(0, len(rows) - 1, most).round().long()]


def fold_numbers(labels: Int[Tensor, "count"], *, count: int, seed: int = 0) -> Int[Tensor, "count"]:
    """Returns a fold for each example, drawn by `seed`, so that every class is spread over all folds evenly."""
    generator = torch.Generator().manual_seed(seed)
    folds = torch.empty(len(labels), dtype=torch.int64)
    first = 0
    for label in labels.unique():
        rows = (labels == label).nonzero().flatten()
        rows = rows[torch.randperm(len(rows), generator=generator)]
        # Where one class ends the next goes on, so that folds are equally large.
        folds[rows] = (torch.arange(len(rows)) + first) % count
        first += len(rows)
    return folds


class _Part:
    """A logistic regression on the training pictures that `chosen` has, each fit beginning where the last one ended.

    The rows are turned into the directions they vary in: these say how curved the error is in each weight, and
    steps that are scaled by it (D. Böhning, Multinomial logistic regression algorithm, 1992, bounds the same curvature)
    are few. Directions in which the rows don't vary are left out, as the best weights are a sum of the rows.
    """

    def __init__(self, features: Tensor, labels: Tensor, chosen: Tensor, classes: int, dtype: torch.dtype):
        rows = features[chosen]  # a copy, which may be written into
        self.labels = labels[chosen].repeat_interleave(rows.shape[1])
        rows = rows.flatten(0, 1).to(dtype)
        std, self.mean = torch.std_mean(rows, dim=0, correction=0)
        # A feature that hardly varies must not be blown up.
        self.std = (std + 0.1 * std.mean()).clamp(min=1e-6)
        rows.sub_(self.mean).div_(self.std)
        count = len(rows)
        if count < rows.shape[1]:
            directions, sizes, _ = torch.linalg.svd(rows.T, full_matrices=False)
            self.basis, self.variance = directions, sizes.square() / count
            self.rows = rows @ self.basis
        else:
            variance, self.basis = torch.linalg.eigh(rows.T @ rows / count)
            self.variance = variance.clamp(min=0)
            # In place, as a copy of many rows may not fit.
            for part in rows.split(10_000):
                part.copy_(part @ self.basis)
            self.rows = rows
        self.weights = torch.zeros(self.rows.shape[1] + 1, classes, dtype=dtype)

    def fit(self, strength: float) -> None:
        classes = self.weights.shape[1]
        # The curvature of the error where all classes are equally probable, with that of the penalty.
        curvature = torch.cat([self.variance, torch.ones_like(self.variance[:1])]) * (classes - 1) / classes**2
        curvature[:-1] += strength
        scale = curvature.rsqrt()[:, None]
        steps = (self.weights / scale).requires_grad_(True)
        optimizer = torch.optim.LBFGS(
            [steps],
            max_iter=max(FEWEST_STEPS, min(100, int(MOST_WORK // (self.rows.numel() * classes)))),
            tolerance_grad=1e-5,
            tolerance_change=1e-10,
            history_size=max(5, min(100, MOST_REMEMBERED // (2 * steps.numel()))),
            line_search_fn="strong_wolfe",
        )

        def loss() -> Tensor:
            optimizer.zero_grad()
            weights = steps * scale
            error = F.cross_entropy(torch.addmm(weights[-1], self.rows, weights[:-1]), self.labels)
            error = error + strength / 2 * weights[:-1].square().sum()
            error.backward()
            return error

        optimizer.step(loss)
        self.weights = (steps * scale).detach()

    def layer(self) -> tuple[Tensor, Tensor]:
        """Returns weight and bias for features as they come."""
        weight = self.basis @ self.weights[:-1] / self.std[:, None]
        return weight.T, self.weights[-1] - self.mean @ weight

    def logits(self, features: Tensor) -> Tensor:
        weight, bias = self.layer()
        return features.to(weight.dtype) @ weight.T + bias
