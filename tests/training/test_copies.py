"""A training step copies nothing that it does not have to: what it allocates is counted operation by operation."""

from collections import Counter

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from torchbook import Batches, Supervised, build
from torchbook.data.augment.transforms import Normalize
from torchbook.device import Choice
from torchbook.training.muon import Muon

COPIES = {"_to_copy", "clone", "copy_", "contiguous"}


class Counting(TorchDispatchMode):
    """Counts operations by name, and the tensors that get memory of their own."""

    def __init__(self):
        super().__init__()
        self.calls, self.allocations = Counter(), 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = operation(*args, **(kwargs or {}))
        given = {t.untyped_storage().data_ptr() for t in args if isinstance(t, torch.Tensor)}
        results = result if isinstance(result, tuple | list) else [result]
        self.calls[operation.overloadpacket.__name__] += 1
        self.allocations += sum(
            isinstance(t, torch.Tensor) and t.untyped_storage().data_ptr() not in given for t in results
        )
        return result

    @property
    def copies(self):
        return {name: count for name, count in self.calls.items() if name in COPIES}


def counted(name, number_format="float32", steps=3, **arguments):
    choice = Choice("cpu", number_format, 1, "a test")
    model = choice.place(build(name, **arguments))
    filters = [p for p in model.parameters() if p.ndim == 4]
    others = [p for p in model.parameters() if p.ndim != 4]
    groups = [{"params": filters, "orthogonal": name == "speednet"}, {"params": others}]
    task = Supervised(model, Muon(groups, lr=0.01), choice=choice)
    images = torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8)
    (batch,) = Batches(images, torch.arange(8) % 4, size=8, normalize=Normalize((0.5,) * 3, (0.2,) * 3))
    counts = []
    for _ in range(steps):
        with Counting() as counting:
            task.gradients(batch)
        task.optimizer.step()
        task.optimizer.zero_grad()
        counts.append(counting)
    return model, counts


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("cnn", {"sample_shape": (3, 32, 32), "outputs": 4, "width": 4}),
        ("resnet9", {"channels": 3, "outputs": 4, "width": 4}),
        ("speednet", {"channels": 3, "outputs": 4, "width": 4}),
    ],
)
def test_a_step_in_float32_copies_nothing_and_allocates_the_same_every_time(name, arguments):
    _, counts = counted(name, **arguments)
    # Flattening feature maps for the dense layers of the CNN must bring channels together.
    allowed = {"clone": 1} if name == "cnn" else {}
    assert all(counting.copies.items() <= allowed.items() for counting in counts), counts[0].copies
    assert len({counting.allocations for counting in counts}) == 1


def test_a_step_in_bfloat16_changes_the_format_of_each_weight_once_and_of_its_gradient_once():
    model, counts = counted("resnet9", "bfloat16", channels=3, outputs=4, width=4)
    layers = sum(isinstance(module, torch.nn.Conv2d | torch.nn.Linear) for module in model.modules())
    biases = 1
    # Weights and their gradients, the pictures, and the logits there and back, of which the loss needs three digits.
    assert counts[0].copies == {"_to_copy": 2 * (layers + biases) + 3}


def test_a_batch_of_pictures_is_gathered_and_made_floats_once():
    images = torch.randint(0, 256, (50, 3, 8, 8), dtype=torch.uint8)
    batches = Batches(images, torch.arange(50), size=10, shuffle=True, normalize=Normalize((0.5,) * 3, (0.2,) * 3))
    iterator = iter(batches)
    next(iterator)
    with Counting() as counting:
        next(iterator)
    assert counting.calls["index"] == 2 and counting.copies == {"_to_copy": 1}
