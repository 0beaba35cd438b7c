"""How the first weights decide: the same network from zeros, a constant, uniform numbers and the default."""

from typing import Any

import torch
from torch import nn

from torchbook.data.load import load_classes
from torchbook.evaluation import classification, final_test
from torchbook.models import build
from torchbook.reporting.plots import curves
from torchbook.run import Run
from torchbook.training import Supervised, fit

# name: what is done to a weight matrix before training
STARTS: dict[str, Any] = {
    "zeros": nn.init.zeros_,
    "constant": lambda weight: nn.init.constant_(weight, 1.0),
    "uniform": lambda weight: nn.init.uniform_(weight, 0.0, 1.0),
    "centred": lambda weight: nn.init.uniform_(weight, -0.5, 0.5),
    "default": None,
}


def initialization(
    run: Run,
    *,
    data: str = "digits",
    epochs: int = 8,
    batch_size: int = 50,
    learning_rate: float = 0.002,
    seed: int = 0,
) -> dict:
    """One network of two hidden layers from five kinds of first weights: zeros and a constant (all units stay twins),
    uniform in 0..1 (everything saturates), uniform around zero, and PyTorch's default, which fits its width to the
    number of inputs. One picture shows the five curves.

    Cost: 3 seconds, 400 MB.
    """
    dataset = load_classes(data, seed=seed)
    results = []
    for name, start in STARTS.items():
        model = build(
            "mlp", sample_shape=dataset.sample_shape, outputs=len(dataset.card.classes), hidden=(256, 128), seed=seed
        )
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            for layer in model:
                if isinstance(layer, nn.Linear) and name != "default":
                    start(layer.weight)
                    nn.init.zeros_(layer.bias)
        batches = dataset.batches("train", size=batch_size, seed=seed)
        task = Supervised(model, torch.optim.Adam(model.parameters(), lr=learning_rate), measure=classification)
        child = run.child(name)
        fit(child, task, dataset, batches, epochs=epochs)
        results.append(final_test(child, task, dataset, model=name))
    curves(
        {child.path.name: [entry["valid_accuracy"] for entry in child.entries()] for child in run.children()},
        title="Accuracy on the validation set by first weights",
        file=run.path / "pictures" / "initialization.png",
    )
    return run.finish({"data": data, "runs": results, "seconds": sum(result["seconds"] for result in results)})
