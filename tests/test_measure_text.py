"""Measured values in words."""

import math

import pytest

from torchbook.measure_text import measure_text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("accuracy", 0.98144, "98.1 %"),
        ("valid_accuracy", 1.0, "100.0 %"),
        ("balanced_accuracy", 0.5, "50.0 %"),
        ("f1", 0.25, "25.0 %"),
        ("loss", 0.123456, "0.1235"),
        ("mse", 12345.6, "12,346"),
        ("mse", 4.2e9, "4.2e+09"),
        ("mse", -2.5e-7, "-2.5e-07"),
        ("count", 10_000, "10,000"),
        ("loss", math.nan, "nan"),
        ("judge", "a1b2", "a1b2"),
    ],
)
def test_a_share_is_in_per_cent_and_a_number_is_short(name, value, text):
    assert measure_text(name, value) == text
