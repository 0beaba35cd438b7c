"""Every augmentation of a whole batch against its plain definition, one image and one pixel at a time."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook import Batches, TorchbookError
from torchbook.data.augment.resample import Growing
from torchbook.data.augment.transforms import (
    AUGMENTATIONS,
    AlternatingFlip,
    ColourJitter,
    Compose,
    Crop,
    Cutout,
    Flip,
    Normalize,
    ResizedCrop,
    Rotate,
    at,
    augmentation,
)
from torchbook.data.dataset import channel_statistics

IMAGES = st.tuples(
    st.integers(1, 5), st.sampled_from([1, 3]), st.integers(6, 12), st.integers(6, 12), st.integers(0, 99)
)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def images_of(count, channels, height, width, seed):
    return torch.randint(256, (count, channels, height, width), dtype=torch.uint8, generator=seeded(seed + 1000))


def check(augment, definition, shape):
    """The batch at once, and each image by `definition(image, its random numbers)`; sums may round differently."""
    images, seed = images_of(*shape), shape[-1]
    together = augment(images, seeded(seed))
    assert together.dtype == torch.uint8
    assert together.shape == images.shape
    singly = np.stack([definition(image.numpy(), i) for i, image in enumerate(images)])
    difference = np.abs(together.numpy().astype(int) - np.rint(np.clip(singly, 0, 255)).astype(int))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 0.1


def bilinear(image, row, column):
    """The value at a place that is counted in pixels from the middle of the first one."""
    top, left = math.floor(row), math.floor(column)
    down, right = row - top, column - left
    return sum(
        weight * image[:, r, c].astype(float)
        for r, c, weight in (
            (top, left, (1 - down) * (1 - right)),
            (top, left + 1, (1 - down) * right),
            (top + 1, left, down * (1 - right)),
            (top + 1, left + 1, down * right),
        )
    )


@settings(max_examples=20, deadline=None)
@given(shape=IMAGES)
def test_flip(shape):
    numbers = torch.rand(shape[0], generator=seeded(shape[-1]))
    check(Flip(), lambda image, i: image[:, :, ::-1] if numbers[i] < 0.5 else image, shape)


@settings(max_examples=20, deadline=None)
@given(
    shape=IMAGES | st.tuples(st.integers(1, 5), st.just(1), st.integers(1, 4), st.integers(1, 4), st.integers(0, 99)),
    padding=st.integers(1, 4),
    mode=st.sampled_from(["reflect", "zeros"]),
)
def test_crop(shape, padding, mode):
    down, right = torch.randint(2 * padding + 1, (2, shape[0], 1), generator=seeded(shape[-1]))

    def definition(image, i):
        around = [(0, 0), (padding, padding), (padding, padding)]
        padded = np.pad(image, around, mode="constant" if mode == "zeros" else "reflect")
        return padded[:, down[i] : down[i] + image.shape[1], right[i] : right[i] + image.shape[2]]

    check(Crop(padding, mode=mode), definition, shape)


@settings(max_examples=20, deadline=None)
@given(shape=IMAGES, low=st.floats(0.1, 1), ratio=st.floats(1, 2))
def test_resized_crop(shape, low, ratio):
    numbers = torch.rand(4, shape[0], generator=seeded(shape[-1])).double().numpy()

    def definition(image, i):
        height, width = image.shape[1:]
        area = (low + numbers[0, i] * (1 - low)) * height * width
        shape = math.exp(math.log(1 / ratio) + numbers[1, i] * math.log(ratio * ratio))
        tall, wide = min(height, math.sqrt(area / shape)), min(width, math.sqrt(area * shape))
        top, left = numbers[2, i] * (height - tall), numbers[3, i] * (width - wide)
        result = np.empty(image.shape)
        padded = np.pad(image, [(0, 0), (1, 1), (1, 1)], mode="edge")
        for r in range(height):
            for c in range(width):
                row, column = top + (r + 0.5) * tall / height - 0.5, left + (c + 0.5) * wide / width - 0.5
                result[:, r, c] = bilinear(padded, row + 1, column + 1)
        return result

    check(ResizedCrop((low, 1.0), (1 / ratio, ratio)), definition, shape)


def test_a_resized_crop_of_everything_is_the_image():
    images = images_of(4, 3, 9, 9, 0)
    assert torch.equal(ResizedCrop((1.0, 1.0), (1.0, 1.0))(images, seeded(0)), images)


@settings(max_examples=20, deadline=None)
@given(shape=IMAGES, degrees=st.floats(1, 180), mode=st.sampled_from(["reflect", "zeros"]))
def test_rotate(shape, degrees, mode):
    numbers = torch.rand(shape[0], generator=seeded(shape[-1])).double().numpy()

    def definition(image, i):
        angle = (numbers[i] * 2 - 1) * math.radians(degrees)
        height, width = image.shape[1:]
        far = height + width
        around = [(0, 0), (far, far), (far, far)]
        padded = np.pad(image, around, mode="constant" if mode == "zeros" else "symmetric")
        result = np.empty(image.shape)
        for r in range(height):
            for c in range(width):
                y, x = r + 0.5 - height / 2, c + 0.5 - width / 2
                row = y * math.cos(angle) + x * math.sin(angle) + height / 2 - 0.5
                column = x * math.cos(angle) - y * math.sin(angle) + width / 2 - 0.5
                result[:, r, c] = bilinear(padded, row + far, column + far)
        return result

    check(Rotate(degrees, mode=mode), definition, shape)


@settings(max_examples=20, deadline=None)
@given(shape=IMAGES, size=st.floats(0.05, 1))
def test_cutout(shape, size):
    generator = seeded(shape[-1])
    rows = torch.randint(shape[2], (shape[0], 1), generator=generator)[:, 0]
    columns = torch.randint(shape[3], (shape[0], 1), generator=generator)[:, 0]
    side = max(1, round(size * min(shape[2:4])))

    def definition(image, i):
        result = image.copy()
        for r in range(image.shape[1]):
            for c in range(image.shape[2]):
                if 0 <= r - rows[i] + side // 2 < side and 0 <= c - columns[i] + side // 2 < side:
                    result[:, r, c] = np.rint(image.mean((1, 2)))
        return result

    check(Cutout(size), definition, shape)


@settings(max_examples=30, deadline=None)
@given(shape=IMAGES, amounts=st.tuples(*[st.floats(0, 1)] * 3, st.floats(0, 0.5)))
def test_colour_jitter(shape, amounts):
    numbers = (torch.rand(4, shape[0], generator=seeded(shape[-1])) * 2 - 1).double().numpy()

    def definition(image, i):
        brightness, contrast, saturation = (1 + numbers[k, i] * amounts[k] for k in range(3))
        weights = np.array([0.299, 0.587, 0.114]) if len(image) == 3 else np.ones(1)
        pixels = image.astype(float) * brightness
        mean_grey = (weights[:, None, None] * pixels).sum(0).mean()
        pixels = mean_grey + (pixels - mean_grey) * contrast
        if len(image) == 1:
            return pixels
        angle = numbers[3, i] * amounts[3] * 2 * math.pi
        axis = np.ones(3) / math.sqrt(3)
        result = np.empty(image.shape)
        for r in range(image.shape[1]):
            for c in range(image.shape[2]):
                colour = pixels[:, r, c]
                colour = (
                    colour * math.cos(angle)
                    + np.cross(axis, colour) * math.sin(angle)
                    + axis * (axis @ colour) * (1 - math.cos(angle))
                )
                grey = weights @ colour
                result[:, r, c] = grey + (colour - grey) * saturation
        return result

    check(ColourJitter(*amounts), definition, shape)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(1, 40), size=st.integers(1, 40), seed=st.integers(0, 2**40), epoch=st.integers(0, 5))
def test_an_alternating_flip_shows_each_image_both_ways_in_two_epochs(count, size, seed, epoch):
    images = images_of(count, 1, 2, 6, 0)
    # The first pixel of an image says which one it is, and so does the last.
    images[..., 0], images[..., -1] = torch.arange(count).view(-1, 1, 1), torch.arange(count).view(-1, 1, 1)
    images[..., 1], images[..., -2] = 0, 255
    batches = Batches(images, torch.arange(count), size=size, shuffle=True, seed=seed, augment=AlternatingFlip(seed))
    batches.load_state_dict({"epoch": epoch, "position": 0})
    seen = [{int(label): image for part, labels in batches for image, label in zip(part, labels)} for _ in range(2)]
    for i in range(count):
        assert torch.equal(seen[0][i], seen[1][i].flip(-1))
        assert torch.equal(seen[0][i], images[i]) or torch.equal(seen[0][i], images[i].flip(-1))


def test_an_alternating_flip_mirrors_about_half_and_another_half_for_another_seed():
    images = torch.zeros(4000, 1, 1, 2, dtype=torch.uint8)
    images[..., 1] = 1

    def mirrored(seed, epoch=0):
        return AlternatingFlip(seed).at(epoch, torch.arange(4000))(images, seeded(0))[:, 0, 0, 0].bool()

    for seed in (0, 1, 12345):
        assert 1850 < mirrored(seed).sum() < 2150
        # Neighbours are as independent as the rest.
        assert 1850 < (mirrored(seed)[1:] ^ mirrored(seed)[:-1]).sum() < 2150
    assert 1850 < (mirrored(0) ^ mirrored(1)).sum() < 2150
    assert torch.equal(mirrored(0, epoch=2), mirrored(0))


def test_an_alternating_flip_inside_others_is_told_the_indices():
    images = images_of(50, 3, 6, 6, 0)
    both = at(Compose(AlternatingFlip(), Flip()), 1, torch.arange(50))
    alone = AlternatingFlip().at(1, torch.arange(50))
    assert torch.equal(both(images, seeded(3)), Flip()(alone(images, seeded(9)), seeded(3)))
    with pytest.raises(TypeError, match="indices"):
        AlternatingFlip()(images, seeded(0))


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_name_changes_bytes_repeatably_and_leaves_its_input_alone(name):
    images = images_of(64, 3, 32, 32, 0)
    before = images.clone()
    augment = at(augmentation([name]), 0, torch.arange(64))
    changed = augment(images, seeded(1))
    assert changed.shape == images.shape
    assert changed.dtype == torch.uint8
    assert torch.equal(images, before)
    assert not torch.equal(changed, images)
    assert torch.equal(changed, augment(images, seeded(1)))


@pytest.mark.parametrize("name", AUGMENTATIONS)
@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 7)])
def test_tiny_images_are_changed_too(name, size):
    images = images_of(6, 3, *size, seed=0)
    changed = at(augmentation([name]), 0, torch.arange(6))(images, seeded(0))
    assert (changed.shape, changed.dtype) == (images.shape, images.dtype)


def test_an_unknown_name_is_told():
    with pytest.raises(TorchbookError, match="there is no augmentation 'flop'; known are flip"):
        augmentation(["flip", "flop"])
    assert augmentation([]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Crop(0),
        lambda: Crop(2, mode="wrap"),
        lambda: ResizedCrop((0.0, 1.0)),
        lambda: ResizedCrop((0.5, 1.0), (2.0, 1.0)),
        lambda: Rotate(0.0),
        lambda: Rotate(10.0, mode="wrap"),
        lambda: Cutout(0.0),
        lambda: ColourJitter(brightness=2.0),
        lambda: ColourJitter(hue=0.6),
    ],
)
def test_values_without_meaning_are_refused(wrong):
    with pytest.raises(ValueError, match="got"):
        wrong()


@settings(max_examples=20, deadline=None)
@given(shape=IMAGES)
def test_normalized_images_have_mean_zero_and_deviation_one(shape):
    images = images_of(*shape)
    values = Normalize(*channel_statistics(images))(images)
    assert values.dtype == torch.float32
    assert torch.allclose(values.mean((0, 2, 3)), torch.zeros(shape[1]), atol=1e-4)
    assert torch.allclose(values.std((0, 2, 3), unbiased=False), torch.ones(shape[1]), atol=1e-3)
    assert torch.equal(Normalize()(images), images.float() / 255)


def test_growing_images_are_small_at_first_and_averaged_not_picked():
    images = torch.randint(0, 256, (6, 3, 32, 32), dtype=torch.uint8)
    growing = Growing((0.25, 0.5, 1.0), epochs=8)
    sizes = [at(growing, epoch, torch.arange(6))(images, seeded(0)).shape[-1] for epoch in range(9)]
    assert sizes == [8, 8, 16, 16, 16, 32, 32, 32, 32]
    # However few epochs there are, the last one shows the images as they are.
    assert [Growing((0.25, 0.5, 1.0), epochs=2).part(epoch) for epoch in (0, 1)] == [0.5, 1]
    assert Growing((0.25, 0.5, 1.0), epochs=1).part(0) == 1
    small = at(growing, 0, torch.arange(6))(images, seeded(0))
    assert small.dtype == torch.uint8
    # Four by four pixels and some around them become one, so the mean stays and the spread becomes small.
    assert (small.float().mean() - images.float().mean()).abs() < 2
    assert small.float().std() < 0.4 * images.float().std()
    wide = at(Growing((0.3,), epochs=1), 0, torch.arange(6))(images[..., :24, :], seeded(0))
    assert wide.shape == (6, 3, 7, 10)
    with pytest.raises(TypeError, match="need the epoch"):
        growing(images, seeded(0))
    assert torch.equal(at(Growing((), epochs=3), 0, torch.arange(6))(images, seeded(0)), images)
    for wrong in ((0.0, 1.0), (0.5, 1.5)):
        with pytest.raises(ValueError, match="parts between 0 and 1"):
            Growing(wrong, epochs=3)
