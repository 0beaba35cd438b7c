"""What people hand to the library for the first time works, or ends in a sentence that says what to write."""

import json
import re
import subprocess
import sys
import time

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from torchbook import Batches, Diverged, Run, Supervised, TorchbookError, classification, evaluate, regression, train
from torchbook.training.find_rate import find_learning_rate

pytestmark = pytest.mark.proven

X = torch.randn(200, 5, generator=torch.Generator().manual_seed(0))
Y = (X[:, 0] > 0).long()
R = X[:, :1] * 3 + 1


def net(outputs=2):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, outputs))


def task_of(model, **options):
    return Supervised(model, torch.optim.AdamW(model.parameters(), lr=0.02), **options)


def learnt(inputs, labels, *, outputs=2, measure=classification, epochs=20, **options):
    task = task_of(net(outputs), measure=measure, **options)
    batches = Batches(inputs, labels, size=50)
    for _ in train(task, batches, epochs=epochs):
        pass
    return evaluate(task, batches)


@pytest.mark.parametrize(
    ("inputs", "labels", "options"),
    [
        (X, Y, {}),
        (X.numpy(), Y.numpy(), {}),
        (X.double().numpy(), Y.int().numpy(), {}),
        (X.numpy(), Y.bool().numpy(), {}),
        (X.tolist(), Y.tolist(), {}),
        (X, torch.eye(2)[Y], {}),
        (TensorDataset(X, Y), None, {}),
        (X, Y[:, None].float(), {"outputs": 1, "loss": nn.BCEWithLogitsLoss()}),
        (X, Y[:, None].float(), {"outputs": 1, "loss": F.binary_cross_entropy_with_logits}),
    ],
)
def test_what_says_the_same_learns_the_same(inputs, labels, options):
    assert learnt(inputs, labels, **options)["accuracy"] > 0.95


def test_quantities_are_learnt():
    assert learnt(X, R, outputs=1, measure=regression, loss=F.mse_loss, epochs=100)["r2"] > 0.95
    assert learnt(X.numpy(), R.numpy(), outputs=1, measure=regression, loss=nn.MSELoss(), epochs=100)["r2"] > 0.95


@pytest.mark.parametrize(
    ("inputs", "labels", "options", "message"),
    [
        (X, R, {"outputs": 1, "measure": regression}, r"the model has one output.*always be 0.*write loss=F\.mse_loss"),
        (X, Y, {"outputs": 1}, "one output"),
        (X, X[:, :3], {"outputs": 3, "measure": regression}, r"probability for each of 3.*write loss=F\.mse_loss"),
        (
            *(X, R[:, 0], {"outputs": 1, "measure": regression, "loss": F.mse_loss}),
            r"same shape for this loss, got \[count, 1\] and \[count\].*write labels\[:, None\]",
        ),
        (X, R, {"outputs": 3, "loss": nn.L1Loss()}, r"got \[count, 3\] and \[count, 1\]"),
        (
            X,
            Y[:, None],
            {"outputs": 1, "loss": F.mse_loss},
            r"must be float32 for this loss, got int64; write labels",
        ),
        (
            X.double(),
            Y,
            {},
            r"inputs must be float32 as the model's weights are, got float64; write Batch",
        ),
        (X, Y.int(), {}, r"labels must be int64 for cross-entropy, got int32; write labels\.long\(\)"),
        (X, Y.byte(), {}, r"got uint8; write labels\.long"),
        (X, Y.bool(), {}, r"got bool; write labels\.long"),
        (X, Y.float(), {}, r"got float32; write labels\.long"),
        (X, R[:, 0], {}, r"got float32; write loss=F\.mse_loss"),
        (X, Y[:, None], {}, r"must be of shape \[count\], got \[count, 1\]; write labels\.squeeze\(1\)"),
        (X, torch.eye(2, dtype=torch.int64)[Y], {}, r"got \[count, 2\]; write labels\.argmax\(1\)"),
        (X, Y + 1, {}, r"labels must be in 0\.\.1 for 2 classes, got 2 at row \d+; write labels - 1"),
        (X, None, {}, r"there are none; write Batches\(inputs, labels\)"),
        (X, [f"class {int(y)}" for y in Y], {}, r"labels must be numbers, got text; number the classes"),
        (X, Y[:, None].float(), {"loss": nn.BCEWithLogitsLoss()}, r"got \[count, 2\] and \[count, 1\]"),
    ],
)
def test_what_contradicts_is_said_before_the_first_step(inputs, labels, options, message):
    with pytest.raises(TorchbookError, match=message) as raised:
        learnt(inputs, labels, **options)
    assert "\n" not in str(raised.value)


def test_a_label_out_of_range_is_said_with_its_row_wherever_it_is():
    labels = torch.arange(200) % 10
    labels[3] = 10
    task = task_of(net(10))
    with pytest.raises(TorchbookError, match=r"labels must be in 0\.\.9 for 10 classes, got 10 at row 3$"):
        next(train(task, Batches(X, labels, size=10, shuffle=True)))
    labels[3] = -100  # what cross-entropy leaves out
    list(train(task, Batches(X, labels, size=10)))
    other = task_of(net(10), loss=nn.CrossEntropyLoss(ignore_index=-1))
    with pytest.raises(TorchbookError, match="got -100 at row 3"):
        next(train(other, Batches(X, labels, size=10)))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("row", [0, 150])
def test_inputs_that_are_no_numbers_are_named_and_not_the_learning_rate(value, row):
    inputs = X.clone()
    inputs[row, 2] = value
    with pytest.raises(TorchbookError, match=f"{value} at row {row}[:;] leave it out or fill it"):
        list(train(task_of(net()), Batches(inputs, Y, size=50), epochs=2))
    assert issubclass(Diverged, TorchbookError)


def test_softmax_before_cross_entropy_is_named():
    model = nn.Sequential(net(), nn.Softmax(1))
    with pytest.raises(TorchbookError, match=r"takes logits and does the softmax itself.*leave out the model's last"):
        next(train(task_of(model), Batches(X, Y, size=50)))
    # A softmax is right before a loss that takes its logarithm itself.
    by_hand = task_of(model, loss=lambda outputs, labels: F.nll_loss(outputs.log(), labels))
    assert len(list(train(by_hand, Batches(X, Y, size=50)))) == 1


def test_an_optimizer_of_another_model_is_refused():
    with pytest.raises(TorchbookError, match=r"holds no parameter of this Sequential.*AdamW\(model\.parameters\(\)\)"):
        Supervised(net(), torch.optim.AdamW(net().parameters()))
    # A part of the model is a choice.
    model = net()
    Supervised(model, torch.optim.AdamW(model[2].parameters()))


# What is of another kind altogether, in a process of its own: here every function checks the kinds of its arguments.
KINDS = """
import json
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchbook import Batches, Supervised, evaluate, train

X = torch.randn(200, 5)
Y = (X[:, 0] > 0).long()

def net():
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2))

def task(model=None, **options):
    model = model or net()
    return Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), **options)

def scheduled(kind, **options):
    model = net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return Supervised(model, optimizer, schedule=getattr(torch.optim.lr_scheduler, kind)(optimizer, **options))

pairs = TensorDataset(X, Y)
cases = {
    "a model to train": lambda: next(train(net(), Batches(X, Y))),
    "a model to evaluate": lambda: evaluate(net(), Batches(X, Y)),
    "a list to train": lambda: next(train(task(), [(X, Y)])),
    "a list to evaluate": lambda: evaluate(task(), []),
    "a dictionary to evaluate": lambda: evaluate(task(), [{"inputs": X}]),
    "a loader in order": lambda: next(train(task(), DataLoader(pairs, batch_size=50))),
    "a loader that shuffles": lambda: next(train(task(), DataLoader(pairs, batch_size=50, shuffle=True))),
    "an optimizer's class": lambda: Supervised(net(), torch.optim.Adam),
    "a list as a model": lambda: Supervised([], torch.optim.SGD(net().parameters())),
    "a schedule that is a number": lambda: task(schedule=0.5),
    "OneCycleLR": lambda: scheduled("OneCycleLR", max_lr=0.1, total_steps=10),
    "CosineAnnealingLR": lambda: scheduled("CosineAnnealingLR", T_max=10),
    "LinearLR": lambda: scheduled("LinearLR"),
    "StepLR": lambda: scheduled("StepLR", step_size=3),
}
messages = {}
for name, case in cases.items():
    try:
        messages[name] = repr(case())
    except Exception as error:
        messages[name] = f"{type(error).__name__}: {error}"
print(json.dumps(messages))
"""


@pytest.fixture(scope="module")
def messages():
    done = subprocess.run([sys.executable, "-W", "error", "-c", KINDS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("a model to train", r"train needs a task, such as Supervised\(model, optimizer\), got a Sequential$"),
        ("a model to evaluate", r"evaluate needs a task, such as Supervised\(model, optimizer\), got a Sequential$"),
        ("a list to train", r"train needs Batches, got a list; write Batches\(inputs, labels"),
        ("a list to evaluate", "there must be at least one batch to evaluate, got none"),
        ("a dictionary to evaluate", r"a batch must be a pair \(inputs, labels\) of tensors, got a dict"),
        (
            "a loader in order",
            r"resume can find again, got a DataLoader; write Batches\(loader\.dataset, size=50\)$",
        ),
        ("a loader that shuffles", r"write Batches\(loader\.dataset, size=50, shuffle=True\)$"),
        ("an optimizer's class", r"such as torch\.optim\.Adam\(model\.parameters\(\)\), got the class Adam$"),
        ("a list as a model", r"must be a torch\.nn\.Module, got a list"),
        ("a schedule that is a number", "a schedule is a function of the step, got a float; write"),
        (
            "OneCycleLR",
            r"got a OneCycleLR; write schedule=one_cycle\(epochs \* len\(batches\)\) \(from torchbook",
        ),
        ("CosineAnnealingLR", r"got a CosineAnnealingLR; write schedule=cosine\(epochs"),
        ("LinearLR", r"got a LinearLR; write schedule=linear\(epochs"),
        ("StepLR", r"got a StepLR; write schedule=lambda step: "),
    ],
)
def test_what_is_of_another_kind_is_refused_with_the_line_to_write(messages, case, message):
    assert re.search(f"^TorchbookError: .*{message}", messages[case]) and "\n" not in messages[case], messages[case]


def test_the_line_to_write_instead_of_a_loader_works():
    loader = DataLoader(TensorDataset(X, Y), batch_size=50)
    task = task_of(net())
    assert len(list(train(task, Batches(loader.dataset, size=50, shuffle=True), epochs=2))) == 2 and task.steps == 8


def test_the_look_changes_nothing():
    """Neither running statistics nor random numbers, nor whether the model trains."""

    class Drawing(nn.Module):
        def forward(self, inputs):
            return inputs + torch.randn_like(inputs)

    ends = []
    for looks in (True, False):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), Drawing(), nn.Linear(8, 2))
        model[1].eval()
        task = task_of(model)
        if not looks:
            task.check = lambda batches, batch: None
        list(train(task, Batches(X, Y, size=50), epochs=2))
        ends.append(model.state_dict())
    assert all(torch.equal(value, ends[1][name]) for name, value in ends[0].items())


def test_the_look_costs_little():
    """Less than a step of a small model, of which a training has hundreds."""
    task, batches = task_of(net()), Batches(X, Y, size=50)
    batch = next(iter(batches))
    seconds = {task.check: [], task.step: []}
    for _ in range(30):
        for work, arguments in ((task.check, (batches, batch)), (task.step, (batch,))):
            start = time.perf_counter()
            work(*arguments)
            seconds[work].append(time.perf_counter() - start)
    assert min(seconds[task.check]) < 5 * min(seconds[task.step])


def test_what_is_refused_leaves_no_checkpoint(tmp_path):
    run = Run.create("own", folder=tmp_path)
    with pytest.raises(TorchbookError, match="labels must be in"):
        next(train(task_of(net()), Batches(X, Y + 1, size=50), run=run))
    assert not (run.path / "state.pt").exists()
    run.discard_if_unused()
    assert not run.path.exists()
    with pytest.raises(TorchbookError, match="labels must be in"):
        find_learning_rate(task_of(net()), Batches(X, Y + 1, size=50))


def test_a_learning_rate_is_found_for_any_task():
    task = task_of(net())
    assert find_learning_rate(task, Batches(X, Y, size=20, shuffle=True)).suggestion > 0
