"""The model solution of the project: three attempts on digits of its own, the best of them tested, and a report."""

from pathlib import Path
from typing import Any

import torch

from torchbook import Dataset, Run, Supervised, build, classification, final_test, fit, load

DATA, SEED = "handwriting?count=3000", 14
# Each attempt changes one thing of the one before.
MODELS: tuple[dict[str, Any], ...] = ({"name": "linear"}, {"name": "mlp", "hidden": (128,)}, {"name": "quick"})
LEARNING_RATE, EPOCHS = 0.003, 6


def task_of(dataset: Dataset, model: dict[str, Any]) -> Supervised:
    """Returns the task of this model, before it has learned."""
    built = build(**model, sample_shape=dataset.sample_shape, outputs=len(dataset.card.classes), seed=SEED)
    optimizer = torch.optim.AdamW(built.parameters(), lr=LEARNING_RATE)
    return Supervised(built, optimizer, measure=classification)


def attempts(dataset: Dataset, folder: Path) -> list[Run]:
    """Trains a run for each of the models; the validation set is looked at after each epoch, the test set never."""
    runs = []
    for model in MODELS:
        choices = {"data": DATA, "seed": SEED, "model": model, "learning_rate": LEARNING_RATE, "epochs": EPOCHS}
        run = Run.create("first_model", choices, folder=folder)
        fit(run, task_of(dataset, model), dataset, dataset.batches("train", size=64), epochs=EPOCHS)
        run.close()
        runs.append(run)
    return runs


def chosen_and_tested(dataset: Dataset, runs: list[Run]) -> Run:
    """Opens the test set for the run that is best on the validation set, writes the report and returns that run."""
    chosen = max(runs, key=lambda run: run.best or 0.0)
    test = final_test(chosen, task_of(dataset, chosen.about["arguments"]["model"]), dataset)["test"]
    (chosen.path / "report.md").write_text(_report(runs, chosen, test["accuracy"]), encoding="utf-8")
    return chosen


def _report(runs: list[Run], chosen: Run, test: float) -> str:
    rows = "\n".join(f"- {run.about['arguments']['model']['name']}: {run.best:.1%}" for run in runs)
    return f"""# Reading drawn digits

**Question.** Which digit did the pen draw? I had 3,000 pictures of 28 x 28 pixels to learn from. A program drew
them, so the answer holds for such digits and says little about those that people write.

**Attempts.** I began with a weighted sum of the pixels and changed only the model. Learning rate and epochs stayed
the same. On the validation set they read:

{rows}

**Choice.** I took {chosen.about["arguments"]["model"]["name"]}, which read the most there, {chosen.best:.1%}. It looks
for small patterns everywhere in the picture, and a digit stays the same digit when it is moved.

**Result.** I opened the test set once. It says {test:.1%}.

**What I would try next.** More pictures, for the loss on the training set was far below that on the validation set,
and digits that people have written.
"""


def train(folder: Path) -> Path:
    """Trains and chooses in `folder`, and returns the folder of the chosen run."""
    dataset = load(DATA, seed=SEED)
    return chosen_and_tested(dataset, attempts(dataset, folder)).path
