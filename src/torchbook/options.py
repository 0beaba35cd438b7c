"""The options that recipes, data sets and runs share: what each means, and which values make sense."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torchbook.errors import TorchbookError


@dataclass(frozen=True)
class Range:
    """The numbers that make sense: above `above` or from `least` on, below `below` or up to `most`; all are finite."""

    above: float = -math.inf
    least: float = -math.inf
    below: float = math.inf
    most: float = math.inf

    def __contains__(self, value: int | float) -> bool:
        return self.above < value < self.below and self.least <= value <= self.most

    def __str__(self) -> str:
        low = f"above {self.above:g}" if self.least == -math.inf else f"from {self.least:g}"
        if self.below < math.inf:
            return f"{low} to below {self.below:g}"
        if self.most < math.inf:
            return f"{low} to {self.most:g}"
        return low if self.least == -math.inf else f"{self.least:g} or more"


@dataclass(frozen=True)
class Option:
    """What an option means, and its range if it is a number or several."""

    words: str
    range: Range | None = None

    @property
    def text(self) -> str:
        """What the option means, with its range."""
        return f"{self.words}; {self.range}" if self.range else self.words

    def refusal(self, value: Any) -> str:
        """Says what a value must be, in words that follow the option's name; empty for a value that makes sense."""
        values = value if isinstance(value, list | tuple) else [value]
        numbers = [number for number in values if isinstance(number, int | float) and not isinstance(number, bool)]
        if self.range is None or all(number in self.range for number in numbers):
            return ""
        return f"must be {self.range}"


POSITIVE = Range(above=0.0)
NOT_NEGATIVE = Range(least=0.0)
SHARE = Range(least=0.0, below=1.0)
PART = Range(above=0.0, most=1.0)

OPTIONS: dict[str, Option] = {
    # What is trained on.
    "data": Option("a data set by name (torchbook data lists them), or the path of your own"),
    "image_size": Option("the side of the pictures in pixels; others are scaled to it", POSITIVE),
    "test": Option("the test set of a folder that has only train and val: val, or draw it from train"),
    "mirror": Option("whether pictures keep their class in a mirror; without it that is found out"),
    "pictures_per_class": Option("how many training pictures of each class are used; without it all", POSITIVE),
    "augment": Option("change the training pictures a little each time, where the data allow it"),
    # How long, and how much at once.
    "epochs": Option("how many times the training examples are gone through", POSITIVE),
    "batch_size": Option("how many examples make one step", POSITIVE),
    "micro_batch": Option("how many examples of a batch are computed at once", POSITIVE),
    "replicas": Option("copies of the model that share a batch, each with its own threads", POSITIVE),
    # The model.
    "width": Option("filters of the first convolution; the others follow from it", POSITIVE),
    "dense": Option("units of the first dense layer", POSITIVE),
    "hidden": Option("units of each hidden layer", POSITIVE),
    "middle": Option("numbers that a picture is squeezed into", POSITIVE),
    "latent": Option("numbers of noise that a picture is drawn from", POSITIVE),
    "dropout": Option("the share of units that are switched off at random while training", SHARE),
    "whiten": Option("begin with filters that decorrelate the patches of the pictures"),
    "identity": Option("begin with convolutions that change nothing"),
    "frozen_scale": Option("batch norm without scales that are learnt"),
    "backbone": Option("what has learnt already: the name of a pretrained network, or a .safetensors file"),
    "unfreeze": Option("train the backbone too, gently, after the head"),
    # How the weights change.
    "learning_rate": Option("how far a step goes", POSITIVE),
    "other_rate": Option("the learning rate of scales, shifts and the last layer", POSITIVE),
    "bias_rate": Option("the learning rate of shifts, for one example", POSITIVE),
    "head_rate": Option("the learning rate of the last layer", POSITIVE),
    "generator_rate": Option("the learning rate of the generator", POSITIVE),
    "discriminator_rate": Option("the learning rate of the discriminator", POSITIVE),
    "weight_decay": Option("how strongly weights are drawn to zero", NOT_NEGATIVE),
    "label_smoothing": Option("the share of each label that is spread over all classes", SHARE),
    "clip_norm": Option("the greatest length of a gradient", POSITIVE),
    "muon": Option("orthogonal updates of the filters (Muon) instead of plain SGD"),
    "alternate": Option("mirror each picture in every other epoch, instead of at random"),
    "grow": Option("the sizes of the pictures one after the other, as parts of the whole", PART),
    "views": Option("how many looks at a picture are averaged in an evaluation where the model is unsure", POSITIVE),
    "seed": Option("where the random numbers start from"),
    # The options of data sets.
    "count": Option("how many are drawn", POSITIVE),
    "size": Option("the side of a slice in pixels", POSITIVE),
    "factor": Option("what the labels say of a picture"),
    "figure": Option("what the points are drawn along: circles, moons, blobs or spirals"),
    "noise": Option("the standard deviation of a point from its place; without it the figure's own", NOT_NEGATIVE),
    "gate": Option("the gate: and, or, not or xor"),
    "volume_size": Option("the side of the volumes in voxels; others are scaled to it", POSITIVE),
    "inputs": Option("the name of the array of inputs"),
    "target": Option("what is to be predicted: the name of a column or array"),
    "labels": Option("the CSV file that has the labels of the pictures; without it one that names them is looked for"),
    "pixels": Option("take the columns of a table for the pixels of pictures"),
    "steps_first": Option("three axes of an array are [count, steps, features], not [count, features, steps]"),
    "kinds": Option(
        "columns and what each is: continuous, categorical, identifier, 'ordinal: S < M < L' or 'date: %d.%m.%Y'"
    ),
    "time_column": Option("the column with the time; then the latest rows are the test set"),
    "window": Option("how many neighbouring rows make one example", POSITIVE),
    "group_column": Option("the column that tells several series in one table apart: a shop, a sensor"),
    "across_gaps": Option("let windows go on across gaps in time"),
    "header": Option("whether the first row holds names; without it that is found out"),
    # The options of a run.
    "name": Option("the name of the run; without it the recipe's, with a number"),
    "device": Option("cpu, cuda, cuda:1 or mps; without it the best that is here"),
    "number_format": Option("of convolutions; without it the one that is faster here"),
    "tune": Option("try out threads, replicas and micro-batches before a long training, and take the fastest"),
}


def typed(text: str) -> str:
    """Returns a message with its options as they are typed at the command line: `image_size=32` becomes
    `--image-size 32`. What stands in quotes or is code is left alone."""
    parts = re.split(r"(\w\([^()]*\)|`[^`]*`)", text)
    names = "|".join(name for name in OPTIONS if "_" in name)
    for number in range(0, len(parts), 2):
        part = re.sub(r"(?<![\w'\"?&./-])(\w+)=(True|False|\{[^{}]*\}|[^\s,;)]+)", _typed, parts[number])
        parts[number] = re.sub(rf"(?<![\w'\"?&./=-])({names})(?![\w'\"=(])", _flag, part)
    return re.sub(rf"^({'|'.join(OPTIONS)})(?= must be )", _flag, "".join(parts))


def _typed(match: re.Match[str]) -> str:
    name, value = match.groups()
    if name not in OPTIONS:
        return match[0]
    if value in ("True", "False"):
        return f"--{'' if value == 'True' else 'no-'}{name.replace('_', '-')}"
    # Columns and their kinds: {'age': 'continuous'}
    value = re.sub("'(: |, )'", "' '", value[1:-1]) if value.startswith("{") else value
    return f"{_flag(match)} {value}"


def _flag(match: re.Match[str]) -> str:
    return f"--{match[1].replace('_', '-')}"


def check(arguments: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Refuses arguments of a recipe that make no sense.

    Raises:
        TorchbookError: a number is out of its range; the message says the range and the default.
    """
    for name, value in arguments.items():
        if refusal := OPTIONS[name].refusal(value) if name in OPTIONS else "":
            default = defaults.get(name)
            usual = "" if default is None else f"; the default is {default}"
            raise TorchbookError(f"{name} {refusal}, got {value}{usual}")
