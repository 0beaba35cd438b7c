"""Learning a new head on a backbone, and what a run keeps of it."""

import time
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.batches import at_once
from torchbook.data.dataset import Dataset, Split
from torchbook.data.splits import stands_in
from torchbook.errors import TorchbookError
from torchbook.evaluation.evaluate import by_class, summary
from torchbook.evaluation.measures import calibrated_classification, dataset_baseline
from torchbook.inference.features import features
from torchbook.inference.pretrained import Backbone
from torchbook.models.transfer import Transfer
from torchbook.run import Run
from torchbook.training.head import Fitted, Head, familiarity, fit_head
from torchbook.training.report import Report


def for_backbone(dataset: Dataset, backbone: Backbone, size: int) -> Dataset:
    """Returns the pictures as the backbone wants them normalised.

    Raises:
        TorchbookError: they have no classes, or there are too few to test with.
    """
    card = dataset.card
    if dataset.train.labels is None or len(card.classes) < 2:
        raise TorchbookError(f"{card.name} has no classes to tell apart; finetune needs a folder for each class")
    if stands_in(dataset, "test"):
        raise TorchbookError(
            f"{card.name} has {len(dataset.train)} pictures of {len(card.classes)} classes, so that none is left to "
            "test with; finetune needs three or more of each class, or a folder test/ beside train/"
        )
    mean, std = backbone.statistics(dataset.sample_shape[0])
    return replace(dataset, card=replace(card, mean=mean, std=std, extra=card.extra | {"image_size": size}))


class Features:
    """What a run's model makes of the pictures of a data set: computed once, kept by the backbone's `sha256`."""

    def __init__(self, run: Run, model: Transfer, dataset: Dataset, sha256: str | None):
        self.run, self.model, self.sha256 = run, model, sha256
        self.normalize = dataset.normalize

    def of(self, split: Split, *, any_order: bool = False) -> Tensor:
        """Returns `[count, looks, features]`, with `any_order` also those kept for another draw of the splits."""
        choice, sha256 = self.run.choice, self.sha256
        return features(
            self.model, split.inputs, normalize=self.normalize, choice=choice, sha256=sha256, any_order=any_order
        )

    def set_limit(self, dataset: Dataset, seed: int) -> None:
        """Lets the model know its training pictures, and how far from them another may be."""
        labels = dataset.train.labels
        assert labels is not None
        held_out = None if stands_in(dataset, "valid") else self.of(dataset.valid).mean(1)
        self.model.know(*familiarity(self.of(dataset.train).mean(1), held_out, labels=labels, seed=seed))


def learn_head(seen: Features, dataset: Dataset, seed: int, *, last: bool) -> Head:
    """Fits the head of the model on the training split; where that is the `last` that is learnt, the run keeps it."""
    began = time.perf_counter()
    labels, classes = dataset.train.labels, len(dataset.card.classes)
    assert labels is not None
    rows = seen.of(dataset.train, any_order=True)
    head = fit_head(rows, labels, classes=classes, seed=seed)
    model, run = seen.model, seen.run
    with torch.no_grad():
        model.head.weight.copy_(head.weight)
        model.head.bias.copy_(head.bias)
        loss = F.cross_entropy(model.logits(rows.mean(1).to(run.choice.torch_device)).cpu(), labels).item()
    model.know(*familiarity(rows.mean(1), labels=labels, seed=seed))
    seconds = time.perf_counter() - began
    if last and run.is_new:
        run.describe_model(
            model, dataset.card, dataset.sample_shape, run.choice, measure=calibrated_classification.__name__
        )
        run.attach(Fitted(model))
        report = Report(1, 1, {"loss": loss}, len(rows), seconds, len(rows) / seconds)
        run.log(report, {} if head.held_out is None else calibrated_classification(head.held_out, labels[head.rows]))
    return head


def end_by_head(seen: Features, dataset: Dataset, notes: list[str]) -> dict:
    """Ends a run whose head alone was learnt: the test set is looked at for the first and only time."""
    labels = dataset.test.labels
    assert labels is not None
    rows = seen.of(dataset.test).to(seen.run.choice.torch_device)
    size = at_once(dataset.sample_shape)
    with torch.no_grad():
        logits = torch.cat([seen.model.logits(part.sum(1) / part.shape[1]) for part in rows.split(size)]).cpu()
    test, plain = calibrated_classification(logits, labels), dataset_baseline(calibrated_classification, dataset)
    return seen.run.finish(
        summary(seen.run, seen.model, dataset, test, plain) | by_class(logits, dataset) | {"notes": notes}
    )


def regularised(head: Head) -> str:
    """Says how the regularisation was chosen."""
    if head.held_out is None:
        return f"A class has one training picture, so its regularisation is the usual one, {head.strength:g}."
    return f"The head's regularisation, {head.strength:g}, was chosen by cross-validation inside the training set."
