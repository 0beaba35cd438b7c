"""What a training step costs: by hand, through `train()`, with skorch, with Lightning; a model small enough to show it.

    python benchmarks/step.py

All four train the same MLP (20-32-2, batches of 32) with Adam on the same tensors for the same number of epochs.
"""

import logging
import warnings

import torch
import torch.nn.functional as F
from interleave import interleave, table
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from torchbook import Batches, Supervised, train

SAMPLES, SIZE, EPOCHS = 32_000, 32, 1
INPUTS = torch.randn(SAMPLES, 20)
LABELS = (INPUTS.sum(1) > 0).long()


def model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 2))


def by_hand() -> None:
    """The same batches, and the step that one would write."""
    net = model()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    net.train()
    for _ in range(EPOCHS):
        total = 0.0
        for inputs, labels in Batches(INPUTS, LABELS, size=SIZE, shuffle=True):
            loss = F.cross_entropy(net(inputs), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item() * len(labels)


def ours() -> None:
    net = model()
    task = Supervised(net, torch.optim.Adam(net.parameters(), lr=1e-3))
    for _ in train(task, Batches(INPUTS, LABELS, size=SIZE, shuffle=True), epochs=EPOCHS):
        pass


def with_skorch() -> None:
    from skorch import NeuralNetClassifier

    net = NeuralNetClassifier(
        model(),
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        lr=1e-3,
        max_epochs=EPOCHS,
        batch_size=SIZE,
        train_split=None,
        iterator_train__shuffle=True,
        verbose=0,
    )
    net.fit(INPUTS, LABELS)


def with_lightning() -> None:
    import lightning

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = model()

        def training_step(self, batch, index):
            inputs, labels = batch
            return F.cross_entropy(self.net(inputs), labels)

        def configure_optimizers(self):
            return torch.optim.Adam(self.net.parameters(), lr=1e-3)

    trainer = lightning.Trainer(
        max_epochs=EPOCHS,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
    )
    trainer.fit(Module(), DataLoader(TensorDataset(INPUTS, LABELS), batch_size=SIZE, shuffle=True))


if __name__ == "__main__":
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    seconds = interleave({"by hand": by_hand, "train()": ours, "skorch": with_skorch, "Lightning": with_lightning})
    print(f"{EPOCHS * SAMPLES // SIZE} steps, batches of {SIZE}, one thread, torch {torch.__version__}\n")
    print(table(seconds, beside="by hand"))
