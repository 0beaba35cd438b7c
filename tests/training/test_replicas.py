"""Replicas of a model compute the gradients that the model itself would, to the same bits each time."""

import copy
import os
import signal
import threading
import time

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from torchbook import Supervised
from torchbook.device import Choice
from torchbook.models import build

pytestmark = pytest.mark.proven

COUNT = 30


def network(norm=True):
    torch.manual_seed(0)
    layers = [nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.Linear(6 * 16, 3)]
    return nn.Sequential(*[layer for layer in layers if norm or not isinstance(layer, nn.BatchNorm2d)])


def task(model, **options):
    return Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), **options)


def batch(dtype=torch.float32, count=COUNT, seed=1):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randn(count, 1, 6, 6, generator=generator, dtype=dtype)
    return images, torch.randint(3, (count,), generator=generator)


def gradients(model):
    return [parameter.grad for parameter in model.parameters()]


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("replicas", [2, 3])
@pytest.mark.parametrize("micro_batch", [None, 4, 7])
def test_gradients_are_those_of_the_whole_batch(replicas, micro_batch, two_threads):
    model = network(norm=False).double()
    twin = copy.deepcopy(model)
    whole, parts = task(model), task(twin, replicas=replicas, micro_batch=micro_batch)
    inputs, labels = batch(torch.float64)
    torch.testing.assert_close(whole.gradients((inputs, labels)), parts.gradients((inputs, labels)))
    torch.testing.assert_close(gradients(model), gradients(twin))
    # They add up with what is there already.
    parts.gradients((inputs, labels))
    torch.testing.assert_close([2 * gradient for gradient in gradients(model)], gradients(twin))


def test_batch_norm_sees_a_piece_and_its_statistics_are_the_mean(two_threads):
    model = network()
    halves = copy.deepcopy(model), copy.deepcopy(model)
    inputs, labels = batch(count=31)
    task(model, replicas=2).gradients((inputs, labels))
    for half, some, answers in zip(halves, inputs.tensor_split(2), labels.tensor_split(2), strict=True):
        (nn.functional.cross_entropy(half(some), answers) * len(some) / 31).backward()
    for name in ("running_mean", "running_var"):
        first, second = (getattr(half[1], name) for half in halves)
        torch.testing.assert_close(getattr(model[1], name), (16 * first + 15 * second) / 31)
    sums = [first + second for first, second in zip(*map(gradients, halves), strict=True)]
    torch.testing.assert_close(gradients(model), sums)


def test_the_first_step_which_is_counted_has_the_bits_of_the_others(two_threads):
    torch.manual_seed(0)
    images, labels = torch.randn(64, 3, 32, 32), torch.randint(10, (64,))
    model = build("speednet", channels=3, outputs=10, width=16, views=1)
    twin = copy.deepcopy(model)
    losses = [
        task(one, replicas=2, micro_batch=16).gradients((images, labels), in_turn=in_turn)
        for one, in_turn in ((model, True), (twin, False))
    ]
    assert torch.equal(*losses) and torch.get_num_threads() == 2
    learnt = [pair for pair in zip(gradients(model), gradients(twin), strict=True) if pair[0] is not None]
    assert learnt and all(torch.equal(*pair) for pair in learnt)


class Twice(nn.Module):
    """A network that uses its weights twice, as a recurrent one does."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(36, 36), nn.Linear(36, 3)

    def forward(self, images):
        return self.last(self.first(self.first(images.flatten(1)).tanh()).tanh())


@pytest.mark.parametrize("number_format", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", [network, Twice])
def test_the_bits_do_not_depend_on_the_threads(number_format, kind, two_threads):
    choice = Choice("cpu", number_format, 2, "a test")
    ends = []
    for threads in (2, 2, 1):
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        model = kind()
        training = task(model, replicas=2, micro_batch=4, choice=choice)
        for step in range(40):
            training.step(batch(seed=step))
        assert torch.get_num_threads() == threads
        ends.append(model.state_dict())
    for other in ends[1:]:
        assert all(torch.equal(value, other[name]) for name, value in ends[0].items())


def test_each_computes_in_its_own_thread_which_does_not_divide_its_work(two_threads):
    seen, meeting = [], threading.Barrier(2)

    class Seen(nn.Linear):
        def forward(self, inputs):
            seen.append((threading.current_thread(), torch.get_num_threads(), len(inputs)))
            if len(inputs) > 3:
                meeting.wait(timeout=60)  # passed only by two at the same time
            return super().forward(inputs)

    model = Seen(36, 3)
    images, labels = batch(count=31)
    task(model, replicas=2).step((images.flatten(1), labels))
    assert len({thread for thread, _, _ in seen}) == 2 and threading.main_thread() not in {one for one, _, _ in seen}
    assert sorted((threads, count) for _, threads, count in seen) == [(1, 15), (1, 16)]
    # A batch that is too small for pieces of two goes through the model itself.
    seen.clear()
    task(model, replicas=2).step((images[:3].flatten(1), labels[:3]))
    assert [one for one, _, _ in seen] == [threading.main_thread()]


def test_what_changes_in_the_model_changes_in_all(two_threads):
    model, alone = network(), network()
    factors = [lambda step: 1.0, lambda step: float(step != 1)]  # the linear layer is frozen for a step
    tasks = []
    for one, options in ((model, {"replicas": 2}), (alone, {"micro_batch": COUNT // 2})):
        groups = [{"params": one[:4].parameters()}, {"params": one[4].parameters()}]
        tasks.append(Supervised(one, torch.optim.SGD(groups, lr=0.1), schedule=factors, **options))
    for step in range(4):
        for training in tasks:
            training.step(batch(seed=step))
        if step == 2:
            # Other weights, and a batch norm that is in evaluation mode though the rest is trained.
            for one in (model, alone):
                one.load_state_dict(network().state_dict())
                one[1].eval()
    torch.testing.assert_close(dict(model.named_parameters()), dict(alone.named_parameters()))


def test_operations_are_counted_in_all_of_them(two_threads):
    choice = Choice("cpu", "float32", 2, "a test", peak=100.0)
    counts = []
    for replicas in (1, 2):
        training = task(network(), replicas=replicas, choice=choice)
        training.step(batch())
        counts.append(training.flops)
    with FlopCounterMode(display=False) as counter:
        task(network()).gradients(batch())
    assert counts[0] == counts[1] == {torch.Size([1, 6, 6]): counter.get_total_flops() / COUNT}


def test_an_error_in_one_is_raised(two_threads):
    inputs, labels = batch()
    labels[-1] = 3
    with pytest.raises(IndexError, match="out of bounds"):
        task(network(), replicas=2).step((inputs, labels))
    assert torch.get_num_threads() == 2


def test_after_ctrl_c_nobody_computes_the_rest_of_the_batch(two_threads):
    looks = []

    class Slow(nn.Linear):
        def forward(self, inputs):
            looks.append(len(inputs))
            if len(looks) == 20:
                os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)
            return super().forward(inputs)

    training = task(Slow(36, 3), replicas=2, micro_batch=1)
    images, labels = batch(count=2000)
    with pytest.raises(KeyboardInterrupt):
        training.step((images.flatten(1), labels))
    training._gradients.replicas.threads.shutdown()  # waits for what still runs
    assert 20 <= len(looks) < 200
    assert torch.get_num_threads() == 2
