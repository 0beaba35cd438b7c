"""What a linear model reaches on the same data: the second thing to beat, after the mean or the majority."""

import warnings

import torch
from torch import Tensor

from torchbook.data.dataset import Dataset, Split
from torchbook.evaluation.measures import regression


def linear_baseline(dataset: Dataset) -> dict[str, float]:
    """Least squares, or logistic regression, of scikit-learn on the normalised training split, measured on the test.

    Features that are indices of categories (`extra["embeddings"]` of the card) become a column for each category, for
    a linear model cannot embed. The measures are those of `regression`, or `accuracy` and `count`; of
    several tags there are none.
    """
    if dataset.card.task == "multilabel":
        return {}
    # It takes long to import: not for those who only list the recipes.
    from scipy import sparse
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import OneHotEncoder

    indices = [row[0] for row in dataset.card.extra.get("embeddings", [])]
    coder = OneHotEncoder(handle_unknown="ignore")

    def prepared(split: Split, *, fit: bool = False) -> object:
        rows = dataset.normalize(split.inputs)
        plain = [i for i in range(rows.shape[1]) if i not in indices]
        values = rows[:, plain].flatten(1).double().numpy()
        if not indices:
            return values
        categories = rows[:, indices].flatten(1).numpy()
        coded = coder.fit_transform(categories) if fit else coder.transform(categories)
        return sparse.hstack([values, coded], format="csr")

    train, test = dataset.train, dataset.test
    assert train.labels is not None and test.labels is not None
    inputs = prepared(train, fit=True)
    if dataset.card.task == "regression":
        fitted = LinearRegression().fit(inputs, train.labels.double().numpy())
        return regression(torch.from_numpy(fitted.predict(prepared(test))), test.labels.double())
    return {"accuracy": _accuracy(inputs, train.labels, prepared(test), test.labels), "count": len(test)}


def _accuracy(inputs: object, labels: Tensor, unseen: object, wanted: Tensor) -> float:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if len(labels.unique()) == 1:
        said = labels[:1].expand_as(wanted)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # Nearly there is good enough for a comparison.
            said = torch.from_numpy(LogisticRegression(max_iter=1000).fit(inputs, labels.numpy()).predict(unseen))
    return (said == wanted).double().mean().item()
