"""A rule of the tables of errors: the pattern of a message, and the explanation of the error."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torchbook.explain.traceback_context import TracebackContext

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
class Match:
    """An error that matches a rule: the match of its pattern, and the context from the traceback."""

    text_match: re.Match[str]
    context: TracebackContext
    error: BaseException

    def __getitem__(self, group: str) -> str:
        return self.groups[group]

    @property
    def groups(self) -> dict[str, str]:
        """The strings of the named groups; `size2` is `size` in another branch of the pattern."""
        named: dict[str, str] = {}
        for name, text in self.text_match.groupdict(default="").items():
            named[name.rstrip("23")] = named.get(name.rstrip("23")) or text
        return named

    def sizes(self, group: str) -> list[int]:
        """Returns the integers in a group, such as [3, 4] for `3x4` or `[3, 4]`."""
        return [int(number) for number in re.findall(r"-?\d+", self[group])]

    def dtype(self, group: str) -> str:
        """Returns the dtype in a group by the name that a person writes: float64 for `Double`."""
        return dtype(self[group])


@dataclass(frozen=True)
class Rule:
    """One kind of error. `pattern` is searched in `NameOfTheError: message`.

    `what` and `fix` are sentences in which `{name}` stands for a group of the pattern, or functions of the match. A
    rule with `when` looks at the objects, too, and explains nothing where they do not fit; an empty `fix` says that
    no advice is better than a guess.
    """

    name: str
    kind: str
    pattern: str
    what: str | Callable[[Match], str]
    fix: str | Callable[[Match], str]
    terms: tuple[str, ...] = ()
    when: Callable[[Match], bool] | None = None

    def say(self, words: str | Callable[[Match], str], match: Match) -> str:
        """Returns the sentences for a match."""
        return words.format(**match.groups) if isinstance(words, str) else words(match)


def dtype(name: str) -> str:
    """Returns the dtype in torch's message as a person writes it: float64 for `Double` or `torch.DoubleTensor`."""
    name = name.removeprefix("torch.").removeprefix("cuda.").removesuffix("Tensor").strip()
    return _DTYPES.get(name.lower(), name)


def product(sizes: Sequence[int]) -> int:
    """Returns the number of elements of a tensor of these sizes."""
    total = 1
    for size in sizes:
        total *= size
    return total
