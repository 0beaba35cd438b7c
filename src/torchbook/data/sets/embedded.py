"""Real data that come with scikit-learn: handwritten digits and three classic tables, no download."""

from typing import Any, Literal

import torch

from torchbook.data.dataset import Card, Dataset, channel_statistics, split


def digits(*, seed: int = 0) -> Dataset:
    """1,797 digits written by 43 people, 8 x 8 pixels, grey; 17 levels of grey spread over 0..255."""
    from sklearn import datasets  # It takes long to import: not for those who only list the data sets.

    bunch = datasets.load_digits()
    images = torch.from_numpy(bunch.images).mul(255 / 16).round().to(torch.uint8).unsqueeze(1)
    labels = torch.from_numpy(bunch.target).long()
    splits = split(images, labels, seed=seed)
    mean, std = channel_statistics(splits[0].inputs)
    card = Card(
        name="digits",
        title="Handwritten digits, 8 x 8 pixels",
        kind="images",
        task="classification",
        classes=tuple(str(digit) for digit in range(10)),
        mean=mean,
        std=std,
        licence="CC BY 4.0",
        source="Alpaydin and Kaynak, Optical Recognition of Handwritten Digits (1998), UCI; with scikit-learn",
    )
    return Dataset(*splits, card)


def iris(*, seed: int = 0) -> Dataset:
    """150 irises of three kinds: length and width of sepal and petal in cm."""
    return _table("iris", "Three kinds of iris by four lengths", "Fisher (1936), UCI; with scikit-learn", seed)


def wine(*, seed: int = 0) -> Dataset:
    """178 wines of three cultivars, kinds of grape: thirteen chemical measurements."""
    return _table("wine", "Three cultivars of wine grapes by chemistry", "Forina (1991), UCI; with scikit-learn", seed)


def breast_cancer(*, seed: int = 0) -> Dataset:
    """569 tumours, malignant or benign: thirty measurements of cell nuclei."""
    source = "Wolberg, Street and Mangasarian (1993), UCI; with scikit-learn"
    return _table("breast_cancer", "Malignant or benign tumours by cell nuclei", source, seed)


def _table(name: Literal["iris", "wine", "breast_cancer"], title: str, source: str, seed: int) -> Dataset:
    from sklearn import datasets

    bunch: Any = getattr(datasets, f"load_{name}")()
    rows = torch.from_numpy(bunch.data).float()
    labels = torch.from_numpy(bunch.target).long()
    splits = split(rows, labels, seed=seed)
    mean, std = channel_statistics(splits[0].inputs)
    card = Card(
        name=name,
        title=title,
        kind="table",
        task="classification",
        classes=tuple(str(kind) for kind in bunch.target_names),
        features=tuple(str(feature) for feature in bunch.feature_names),
        mean=mean,
        std=std,
        licence="CC BY 4.0",
        source=source,
    )
    return Dataset(*splits, card)
