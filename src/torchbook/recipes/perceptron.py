"""Gates by perceptron: AND, OR and NOT are learnt, XOR cannot be, and a second layer mends it."""

import torch

from torchbook.data import load
from torchbook.evaluation import classification, evaluate, final_test
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, train
from torchbook.training.perceptron import PerceptronRule


def perceptron(run: Run, *, data: str = "gates", epochs: int = 100, learning_rate: float = 1.0, seed: int = 0) -> dict:
    """The perceptron algorithm on the truth tables of AND, OR, NOT and XOR. On XOR the same weights come back with
    errors left: from there it must go round for ever, which proves that it never ends. A network with one hidden layer
    learns XOR by gradient descent.

    Cost: 2 seconds, 300 MB.
    """
    results = [
        _by_rule(run.child(gate), data, gate, epochs, learning_rate, seed) for gate in ("and", "or", "not", "xor")
    ]
    results.append(_two_layers(run.child("xor_two_layers"), data, 3 * epochs, seed))
    return run.finish({"data": data, "runs": results, "seconds": sum(result["seconds"] for result in results)})


def _by_rule(run: Run, data: str, gate: str, epochs: int, learning_rate: float, seed: int) -> dict:
    dataset = load(data, gate=gate, seed=seed)
    task = PerceptronRule(build("perceptron", features=2), learning_rate=learning_rate, measure=classification)
    batches = dataset.batches("train", size=4, seed=seed)
    batches.shuffle = False  # the proof needs the same order in every epoch
    seen: set[tuple[float, ...]] = set()
    verdict = f"not learnt in {epochs} epochs"
    for report in train(task, batches, epochs=epochs, run=run):
        run.log(report, evaluate(task, dataset.batches("valid", size=4)))
        weights = (*task.perceptron.weight.tolist(), task.perceptron.bias.item())
        if report["wrong"] == 0:
            verdict = f"learnt in {report.epoch} epochs"
            break
        if weights in seen:
            verdict = (
                f"never learnt: after epoch {report.epoch} the weights {weights} are back, so it goes round for ever"
            )
            break
        seen.add(weights)
    return final_test(run, task, dataset, gate=gate, verdict=verdict)


def _two_layers(run: Run, data: str, epochs: int, seed: int) -> dict:
    dataset = load(data, gate="xor", seed=seed)
    model = build("mlp", sample_shape=(2,), outputs=2, hidden=(8,), activation="tanh", seed=seed)
    task = Supervised(model, torch.optim.Adam(model.parameters(), lr=0.05), measure=classification)
    for report in train(task, dataset.batches("train", size=4, seed=seed), epochs=epochs, every=10, run=run):
        run.log(report, evaluate(task, dataset.batches("valid", size=4)))
        if run.best == 1.0 and run.latest["loss"] < 0.05:
            break
    return final_test(
        run, task, dataset, gate="xor", verdict=f"two layers learn it in {run.entries()[-1]['epoch']} epochs"
    )
