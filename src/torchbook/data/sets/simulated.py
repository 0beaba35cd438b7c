"""Small tables that are written down here: too small to split, so they are evaluated on themselves."""

import torch
from torch import Tensor

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics, split
from torchbook.errors import TorchbookError

TOO_SMALL = "Too small to split: it is evaluated on the rows that it was trained on."


def thermometer(*, seed: int = 0) -> Dataset:
    """Eleven readings of a thermometer without a scale, and what they are in degrees Celsius.

    The readings are the ones of Stevens, Antiga and Viehmann, Deep Learning with PyTorch, chapter 5.
    """
    readings = [35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4]
    celsius = [0.5, 14.0, 15.0, 28.0, 11.0, 8.0, 3.0, -4.0, 6.0, 13.0, 21.0]
    return _unsplit(
        torch.tensor(readings).unsqueeze(1),
        torch.tensor(celsius).unsqueeze(1),
        name="thermometer",
        title="An unknown scale against degrees Celsius",
        features=("reading",),
        targets=("celsius",),
        source="Stevens, Antiga and Viehmann, Deep Learning with PyTorch (2020), chapter 5",
    )


def fruit(*, seed: int = 0) -> Dataset:
    """Five regions: temperature (F), rainfall (mm) and humidity (%) against tons of apples and of oranges."""
    weather = [[73.0, 67.0, 43.0], [91.0, 88.0, 64.0], [87.0, 134.0, 58.0], [102.0, 43.0, 37.0], [69.0, 96.0, 70.0]]
    harvest = [[56.0, 70.0], [81.0, 101.0], [119.0, 133.0], [22.0, 37.0], [103.0, 119.0]]
    return _unsplit(
        torch.tensor(weather),
        torch.tensor(harvest),
        name="fruit",
        title="Apples and oranges by the weather",
        features=("temperature", "rainfall", "humidity"),
        targets=("apples", "oranges"),
        source="Deep Learning with PyTorch: Zero to GANs (2020)",
    )


def gates(*, gate: str = "and", seed: int = 0) -> Dataset:
    """The truth table of a gate of two inputs: and, or, xor; `not` looks at the second input alone."""
    inputs = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    tables = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "not": [1, 0, 1, 0], "xor": [0, 1, 1, 0]}
    if gate not in tables:
        raise TorchbookError(f"gate must be one of {', '.join(tables)}, got {gate!r}")
    split = Split(inputs, torch.tensor(tables[gate]))
    card = Card(
        name="gates",
        title=f"The truth table of {gate.upper()}",
        kind="points",
        task="classification",
        classes=("false", "true"),
        features=("first", "second"),
        notes=(TOO_SMALL,),
        source="logic",
    )
    return Dataset(split, split, split, card)


def admissions(*, seed: int = 0, count: int = 400) -> Dataset:
    """A simulated table of applicants: test score, grade and rank of the school, and whether they were admitted.

    The rule: `logit = -6 + 0.004 score + 1.4 grade - 0.55 rank`, and admitted with probability `sigmoid(logit)`. So the
    best possible classifier is known, and it is far from perfect. Scores are 220..800 in steps of 20, grades 2..4,
    ranks 1..4 (1 is the best school), one-hot in the inputs.
    """
    if count < 10:
        raise TorchbookError(f"the count of admissions must be 10 or more, got {count}")
    generator = torch.Generator().manual_seed(seed + 400)
    score = (torch.randn(count, generator=generator) * 115 + 590).div(20).round().mul(20).clamp(220, 800)
    grade = (torch.randn(count, generator=generator) * 0.38 + 3.39).clamp(2, 4).mul(100).round().div(100)
    rank = torch.multinomial(torch.tensor([0.15, 0.38, 0.30, 0.17]), count, replacement=True, generator=generator) + 1
    rows = torch.column_stack([score, grade, torch.nn.functional.one_hot(rank - 1, 4).float()])
    admitted = (torch.rand(count, generator=generator) < admission_probability(rows)).long()
    splits = split(rows, admitted, seed=seed)
    mean, std = channel_statistics(splits[0].inputs)
    card = Card(
        name="admissions",
        title="Who is admitted, simulated by a stated rule",
        kind="table",
        task="classification",
        classes=("rejected", "admitted"),
        features=("score", "grade", "rank 1", "rank 2", "rank 3", "rank 4"),
        mean=mean,
        std=std,
        source="simulated: admitted with probability sigmoid(-6 + 0.004 score + 1.4 grade - 0.55 rank)",
        licence="MIT",
        notes=("Simulated: even the rule itself is wrong about the applicants whom chance decided.",),
    )
    return Dataset(*splits, card)


def admission_probability(rows: Tensor) -> Tensor:
    """The rule that drew the simulated admissions, for rows `[count, 6]`: nobody can know more about an applicant."""
    rank = rows[:, 2:] @ torch.arange(1.0, 5.0)
    return torch.sigmoid(-6 + 0.004 * rows[:, 0] + 1.4 * rows[:, 1] - 0.55 * rank)


def _unsplit(
    inputs: Tensor,
    values: Tensor,
    *,
    name: str,
    title: str,
    features: tuple[str, ...],
    targets: tuple[str, ...],
    source: str,
) -> Dataset:
    mean, std = channel_statistics(inputs)
    card = Card(
        name=name,
        title=title,
        kind="table",
        task="regression",
        features=features,
        targets=targets,
        mean=mean,
        std=std,
        source=source,
        notes=(TOO_SMALL,),
    )
    split = Split(inputs, values)
    return Dataset(split, split, split, card)
