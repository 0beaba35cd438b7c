"""A network that has learnt elsewhere, and a few pictures of one's own."""

from typing import Literal

import torch

from torchbook.data.augment.transforms import augmentation
from torchbook.data.load import load_images
from torchbook.data.source import Source
from torchbook.data.splits import fewer, with_valid
from torchbook.evaluation import final_test
from torchbook.evaluation.measures import calibrated_classification
from torchbook.inference.pretrained import load_backbone
from torchbook.inference.transfer import Features, end_by_head, for_backbone, learn_head, regularised
from torchbook.run import Run
from torchbook.training import Supervised, fit
from torchbook.training.head import MOST_REFERENCES
from torchbook.training.schedules import one_cycle


def finetune(
    run: Run,
    *,
    data: str = "few_shapes?image_size=128",
    backbone: str = "efficientnet_lite0",
    image_size: int | None = None,
    test: Literal["val", "draw"] = "val",
    pictures_per_class: int | None = None,
    unfreeze: bool = False,
    epochs: int = 6,
    batch_size: int = 16,
    learning_rate: float = 0.0004,
    head_rate: float = 0.004,
    seed: int = 0,
) -> dict:
    """Transfer learning: a network that has seen a million photographs looks at a few of yours, and only a last layer
    is learnt. What it makes of the pictures is computed once and kept, so a second try takes seconds. With `unfreeze`
    its later filters are trained too, slower than the head; on 245 photographs that was no better. A picture that
    resembles none of the classes is remarked.

    Cost: 40 seconds, 900 MB.
    """
    start = load_backbone(backbone)
    size = image_size or Source.of(data).options.get("image_size") or start.image_size
    dataset = fewer(load_images(data, image_size=size, test=test, seed=seed), pictures_per_class, seed=seed)
    dataset = for_backbone(dataset, start, size)
    run.learns_from(dataset.batches("train", size=1).fingerprint())
    # A head alone needs no validation split: what it chooses, it chooses inside the training set.
    learnt = dataset if unfreeze or pictures_per_class else with_valid(dataset)
    references = min(len(learnt.train), MOST_REFERENCES)
    mirror, outputs = "flip" in dataset.card.augment, len(dataset.card.classes)
    model = run.choice.place(start.transfer(outputs, mirror=mirror, references=references).eval())
    seen = Features(run, model, dataset, start.sha256)
    notes = [*dataset.card.notes, regularised(learn_head(seen, learnt, seed, last=not unfreeze))]
    if not unfreeze:
        return end_by_head(seen, learnt, notes)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    groups = [
        {"params": model.unfreeze(), "lr": learning_rate},
        {"params": list(model.head.parameters()), "lr": head_rate},
    ]
    # The head knows the pictures by heart already; parts of them, at another size, are new to it.
    changes = ["resized_crop" if name == "crop" else name for name in dataset.card.augment]
    batches = dataset.batches("train", size=batch_size, seed=seed, augment=augmentation(changes))
    task = Supervised(
        model,
        torch.optim.AdamW(groups, weight_decay=0.01),
        measure=calibrated_classification,
        schedule=one_cycle(epochs * len(batches)),
        choice=run.choice,
    )
    fit(run, task, dataset, batches, epochs=epochs)
    # Not those of the best epoch: few validation pictures cannot tell one epoch from another.
    model.average(before)
    model.requires_grad_(True)
    notes.append("The weights are the mean of those before and after fine-tuning.")
    Features(run, model, dataset, None).set_limit(dataset, seed)
    run.keep()
    return final_test(run, task, dataset, notes=notes)
