"""For checks of answers that read files: an object that runs code when it is read from one."""

from typing import Any

RAN: list[str] = []  # what code from files has done in this process


def run(value: Any) -> Any:
    """Notes that it was called, and returns the value."""
    RAN.append("code from the file")
    return value


class Stranger:
    """Stands in a file for `value`, and runs code when it is read; after that it looks like the value."""

    def __init__(self, value: Any):
        self.value = value

    def __reduce__(self) -> tuple[Any, ...]:
        return run, (self.value,)
