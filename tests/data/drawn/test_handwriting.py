import numpy as np
import pytest

from torchbook.data.drawn.dice import Dice
from torchbook.data.drawn.forms import FORMS, POINTS, WIDTHS, choose, follow
from torchbook.data.drawn.handwriting import draw_handwriting


def test_a_steady_hand_passes_through_every_knot():
    forms = np.arange(len(FORMS))
    points, lifted = follow(forms, Dice(0, forms), np.zeros(len(FORMS), dtype=np.float32))
    assert points.shape == (len(FORMS), POINTS, 2)
    for form, (digit, _, strokes) in enumerate(FORMS):
        assert lifted[form].sum() == len(strokes.split("|"))
        assert lifted[form, 0]
        knots = np.array([[int(n) for n in word.rstrip("*").split(",")] for word in strokes.replace("|", " ").split()])
        knots = (knots / 100 - 0.5) * (WIDTHS[digit], 1)
        gaps = np.abs(points[form][None] - knots[:, None]).max(2).min(1)
        assert gaps.max() < 1e-5


def test_digits_are_equally_common_and_forms_as_their_weights_say():
    form, digit = choose(Dice(0, np.arange(50_000)))
    assert np.bincount(digit) / 50_000 == pytest.approx(np.full(10, 0.1), abs=0.007)
    sevens = [weight for d, weight, _ in FORMS if d == 7]
    first = next(i for i, (d, _, _) in enumerate(FORMS) if d == 7)
    counts = np.bincount(form, minlength=len(FORMS))[first : first + len(sevens)]
    assert counts / counts.sum() == pytest.approx(np.array(sevens) / sum(sevens), abs=0.03)


def test_pictures_look_as_those_of_mnist_do():
    images, labels = draw_handwriting(0, np.arange(3000))
    assert images.shape == (3000, 1, 28, 28)
    assert set(labels[:, 0]) == set(range(10))
    values = images[:, 0].astype(float) / 255
    # The training images of MNIST: mean 0.1307, deviation 0.3081.
    assert values.mean() == pytest.approx(0.1307, abs=0.01)
    assert values.std() == pytest.approx(0.3081, abs=0.01)
    assert np.mean([image[0, 0].any() or image[0, -1].any() for image in images]) < 0.002
    mass = values.sum((1, 2))
    middle = np.arange(28) + 0.5
    for across in ((values.sum(1) * middle).sum(1) / mass, (values.sum(2) * middle).sum(1) / mass):
        assert across.mean() == pytest.approx(14, abs=0.2)
        assert np.abs(across - 14).max() < 3
    tall, wide = ((values.max(axis) > 0.5).sum(1) for axis in (2, 1))
    longer = np.maximum(tall, wide)
    assert np.median(longer) == pytest.approx(20, abs=1)
    assert longer.max() <= 22
