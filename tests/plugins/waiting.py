"""The one way in which tests wait: for a state, never for a time."""

import time


def until(condition, seconds=60):
    """Waits until a condition holds, and returns its value.

    Raises:
        AssertionError: it has not come about after so many seconds.
    """
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"{condition} has not come about in {seconds} s"
        time.sleep(0.01)
    return value
