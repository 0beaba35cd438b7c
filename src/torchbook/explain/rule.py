"""A row of the table of errors: the message that it fits, and what to say."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torchbook.explain.traceback_context import Scene

# The names that torch's messages use for number formats, and ours.
_DTYPES = {
    "double": "float64",
    "float": "float32",
    "half": "float16",
    "c10::half": "float16",
    "bfloat16": "bfloat16",
    "c10::bfloat16": "bfloat16",
    "long": "int64",
    "long int": "int64",
    "int": "int32",
    "short": "int16",
    "char": "int8",
    "signed char": "int8",
    "byte": "uint8",
    "unsigned char": "uint8",
    "bool": "bool",
}


@dataclass(frozen=True)
class Found:
    """An error that fits a row: the match of its pattern and what the traceback tells."""

    match: re.Match[str]
    scene: Scene
    error: BaseException

    def __getitem__(self, group: str) -> str:
        return self.groups[group]

    @property
    def groups(self) -> dict[str, str]:
        """What the named groups matched; `size2` is `size` in another branch of the pattern."""
        named: dict[str, str] = {}
        for name, text in self.match.groupdict(default="").items():
            named[name.rstrip("23")] = named.get(name.rstrip("23")) or text
        return named

    def sizes(self, group: str) -> list[int]:
        """The numbers in a group, such as [3, 4] for `3x4` or `[3, 4]`."""
        return [int(number) for number in re.findall(r"-?\d+", self[group])]

    def dtype(self, group: str) -> str:
        """The dtype in a group by the name that a person writes: float64 for `Double`."""
        return dtype(self[group])


@dataclass(frozen=True)
class Row:
    """One kind of error. `pattern` is searched in `NameOfTheError: message`.

    `what` and `fix` are sentences in which `{name}` stands for a group of the pattern, or functions of what was found.
    """

    name: str
    kind: str
    pattern: str
    what: str | Callable[[Found], str]
    fix: str | Callable[[Found], str]
    terms: tuple[str, ...] = ()

    def say(self, words: str | Callable[[Found], str], found: Found) -> str:
        """The sentences for what was found."""
        return words.format(**found.groups) if isinstance(words, str) else words(found)


def dtype(name: str) -> str:
    """The dtype that a message of torch names, as a person writes it: float64 for `Double` or `torch.DoubleTensor`."""
    name = name.removeprefix("torch.").removeprefix("cuda.").removesuffix("Tensor").strip()
    return _DTYPES.get(name.lower(), name)


def product(sizes: Sequence[int]) -> int:
    """How many numbers a tensor of these sizes holds."""
    total = 1
    for size in sizes:
        total *= size
    return total
