import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.drawn.dice import Dice


def rolled(seed, indices):
    dice = Dice(seed, np.asarray(indices, dtype=np.int64))
    return np.concatenate(
        [
            dice.uniform(-2, 5, (3, 2)).reshape(len(indices), -1),
            dice.normal(1, 2)[:, None],
            dice.choice(7)[:, None],
            dice.choice((1, 0.5, 3))[:, None],
            dice.chance(0.5)[:, None],
        ],
        axis=1,
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**63),
    indices=st.lists(st.integers(0, 2**42), min_size=1, max_size=20),
    turn=st.integers(0, 19),
)
def test_a_row_follows_from_seed_and_index_alone(seed, indices, turn):
    together = rolled(seed, indices)
    for row, index in zip(together, indices):
        assert np.array_equal(row, rolled(seed, [index])[0])
    moved = indices[turn:] + indices[:turn]
    assert np.array_equal(rolled(seed, moved), np.roll(together, -min(turn, len(indices)), axis=0))


def test_numbers_are_even_and_unrelated():
    values = Dice(3, np.arange(20_000)).uniform(0, 1, (8,))
    assert values.min() >= 0
    assert values.max() < 1
    counts = np.apply_along_axis(lambda column: np.histogram(column, 16, (0, 1))[0], 0, values)
    assert abs(counts - 1250).max() < 5 * 1250**0.5
    others = Dice(4, np.arange(20_000)).uniform(0, 1, (8,))
    columns = np.concatenate([values[:-1], values[1:], others[1:]], axis=1)
    related = np.corrcoef(columns.T) - np.eye(24)
    assert abs(related).max() < 0.035


def test_normal_numbers_have_the_mean_and_deviation_asked_for():
    values = Dice(0, np.arange(50_000)).normal(3, 2)
    assert values.mean() == pytest.approx(3, abs=0.03)
    assert values.std() == pytest.approx(2, abs=0.03)
    assert abs(values - 3).max() <= 2 * 3.5


@pytest.mark.parametrize("weights", [(1, 1), (5, 1, 0, 2), (0.1, 0.9)])
def test_choices_are_as_common_as_their_weights(weights):
    counts = np.bincount(Dice(0, np.arange(40_000)).choice(weights), minlength=len(weights)) / 40_000
    assert counts == pytest.approx(np.array(weights) / sum(weights), abs=0.01)
