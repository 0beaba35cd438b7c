import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook import Batches, TorchbookError


def numbered(count, **options):
    return Batches(torch.arange(count).float().unsqueeze(1), torch.arange(count), **options)


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 50), size=st.integers(1, 60), shuffle=st.booleans(), seed=st.integers(0, 2**40))
def test_an_epoch_has_every_example_once(count, size, shuffle, seed):
    batches = numbered(count, size=size, shuffle=shuffle, seed=seed)
    parts = list(batches)
    assert len(parts) == len(batches)
    assert sorted(torch.cat([labels for _, labels in parts]).tolist()) == list(range(count))
    assert all(torch.equal(inputs[:, 0].long(), labels) for inputs, labels in parts)
    assert all(len(labels) == size for _, labels in parts[:-1])


@settings(max_examples=40, deadline=None)
@given(count=st.integers(2, 40), size=st.integers(1, 10), stop=st.integers(0, 60), seed=st.integers(0, 99))
def test_stopped_anywhere_it_goes_on_with_the_next_batch(count, size, stop, seed):
    def stream(batches, epochs=3):
        while batches.epoch < epochs:
            for _, labels in batches:
                yield labels.tolist()

    whole = list(stream(numbered(count, size=size, shuffle=True, seed=seed)))
    stop = min(stop, len(whole) - 1)
    first = numbered(count, size=size, shuffle=True, seed=seed)
    begun = stream(first)
    seen = [next(begun) for _ in range(stop)]
    second = numbered(count, size=size, shuffle=True, seed=seed)
    second.load_state_dict(first.state_dict())
    assert seen + list(stream(second)) == whole


def test_epochs_differ_and_seeds_repeat():
    batches = numbered(100, size=100, shuffle=True, seed=1)
    first, second = [next(iter_) for iter_ in (epoch(batches), epoch(batches))]
    assert first != second
    assert first == next(epoch(numbered(100, size=100, shuffle=True, seed=1)))
    assert first != next(epoch(numbered(100, size=100, shuffle=True, seed=2)))


def epoch(batches):
    yield [labels.tolist() for _, labels in batches]


def test_looking_at_one_batch_changes_nothing():
    batches = numbered(10, size=3, shuffle=True)
    peeked = next(iter(batches))[1].tolist()
    assert next(labels.tolist() for _, labels in batches) == peeked


def test_augmentation_repeats_with_the_position():
    def noisy(images, generator):
        return images + torch.rand(images.shape, generator=generator)

    def run():
        batches = Batches(torch.zeros(8, 2), size=4, augment=noisy, seed=3)
        return [inputs for _ in range(2) for inputs, _ in batches]

    first, second = run(), run()
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert not torch.equal(first[0], first[1]) and not torch.equal(first[0], first[2])


def test_a_short_last_batch_can_be_left_out():
    batches = numbered(10, size=4, drop_last=True)
    assert [len(labels) for _, labels in batches] == [4, 4] and batches.samples == 8


@pytest.mark.parametrize(
    ("inputs", "labels", "size", "message"),
    [
        (torch.zeros(3, 1), torch.zeros(2), 1, "equally many, got 3 and 2"),
        (torch.zeros(3, 1), None, 0, "batch size must be 1 or more, got 0"),
        (torch.zeros(0, 1), None, 1, "at least one batch"),
    ],
)
def test_what_cannot_be_batched(inputs, labels, size, message):
    with pytest.raises(TorchbookError, match=message):
        Batches(inputs, labels, size=size)
