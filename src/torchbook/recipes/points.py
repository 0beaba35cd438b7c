"""Points in the plane: where a straight line fails, and what a hidden layer can do."""

import torch

from torchbook.data.load import load_classes
from torchbook.data.sets.points import Figure
from torchbook.evaluation import classification, final_test
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, fit


def points(
    run: Run,
    *,
    data: str = "points",
    figure: Figure = "circles",
    epochs: int = 60,
    learning_rate: float = 0.02,
    seed: int = 0,
) -> dict:
    """Two models of the same points, a linear one and one with two hidden layers of ten. On circles a line is no better
    than a coin, however long it trains; the hidden layers bend it round. Figures: circles, moons, blobs, spirals.

    Cost: 3 seconds, 300 MB.
    """
    dataset = load_classes(data, figure=figure, seed=seed)
    shape, outputs = dataset.sample_shape, len(dataset.card.classes)
    models = {
        "linear": build("linear", sample_shape=shape, outputs=outputs, seed=seed),
        "hidden": build("mlp", sample_shape=shape, outputs=outputs, hidden=(10, 10), seed=seed),
    }
    results = []
    for name, model in models.items():
        task = Supervised(model, torch.optim.Adam(model.parameters(), lr=learning_rate), measure=classification)
        batches = dataset.batches("train", size=50, seed=seed)
        child = run.child(name)
        fit(child, task, dataset, batches, epochs=epochs)
        results.append(final_test(child, task, dataset, model=name))
    return run.finish({"data": data, "runs": results, "seconds": sum(result["seconds"] for result in results)})
