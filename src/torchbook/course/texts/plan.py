"""The plan of the course: its lessons in order. The file, exercises, quiz and test of a lesson carry its number."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class PlannedLesson:
    """A lesson in the plan: its number, the part of the course it belongs to, its title, its subject in a line, and
    the recipes that show what it is about."""

    number: int
    part: str
    title: str
    line: str
    recipes: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Its page, also while it is not written: `/lessons/02-operations/`."""
        return f"/lessons/{self.number:02}-{re.sub(r'[^a-z0-9]+', '-', self.title.lower()).strip('-')}/"


_PARTS: dict[str, list[tuple[str, str]]] = {
    "Start": [("What deep learning is", "what it can do, what it cannot, the workflow, is my machine ready")],
    "Tensors": [
        ("Tensors", "make them; dtype, shape, device; NumPy"),
        ("Operations", "elementwise, matrix product, aggregation, broadcasting, in place"),
        ("Shapes", "reshape, view, permute, stack, index; save to disk"),
        ("Three errors", "dtype, shape, device; the same numbers again (seeds)"),
    ],
    "Data": [
        ("Pictures and volumes", "channels, bit depths, depth as a dimension"),
        ("Tables and time", "values, one-hot, embedding; sequences"),
        ("Batches", "datasets, loaders, splits, and why data in memory is fast"),
    ],
    "Learning": [
        ("Gradient descent", "loss and descent by hand, on a thermometer"),
        ("Autograd", "the graph, `backward`, and an engine of your own"),
        ("Linear regression, twice", "from scratch and with `nn`"),
        ("Optimizers", "momentum, Adam, local minima, random restart, finding a learning rate"),
    ],
    "Classifying": [
        ("Perceptrons", "gates, the trick, the algorithm, and why XOR fails"),
        ("Probabilities", "sigmoid, softmax, one-hot, maximum likelihood, cross-entropy"),
        ("Logistic regression", "handwritten digits: train, validate, test, save, draw your own"),
        ("Hidden layers", "non-linear regions, activations, backpropagation by hand"),
    ],
    "Networks that hold up": [
        ("Feed-forward networks", "`nn.Module`, `Sequential`, how many layers, how to initialise"),
        ("Overfitting", "validation, early stopping, L1, L2, dropout, precision and recall"),
        ("Checkpoints", "save, load, resume bit for bit, reproduce"),
        ("Devices and speed", "CPU, GPU, number formats, batch size, where time goes"),
    ],
    "Seeing": [
        ("Filters and edges", "kernels by hand, frequency, local connectivity"),
        ("Convolution layers", "stride, padding, pooling, feature maps"),
        ("Convolutional networks", "classify colour pictures, see what the network sees"),
        ("Your own pictures", "folders, transforms, augmentation; a course project begins"),
        ("State of the art in five minutes", "residual layers, batch norm, one-cycle, weight decay, speednet"),
    ],
    "Standing on others": [
        ("Pretrained models", "use them at once, hubs, class names, what eval mode does"),
        ("Transfer learning", "freeze, new head, fine-tune"),
    ],
    "Making": [
        ("A first GAN", "two networks, fake digits, how to measure, how it breaks"),
        ("Faces", "a deep convolutional GAN"),
        ("Horses and zebras", "CycleGAN: both ways without pairs"),
    ],
    "Shipping": [
        ("From notebook to product", "predict on your own data, export, compile, serve"),
        ("More than one machine", "several processes, several GPUs, larger than memory"),
        ("Your project", "a course project of your own, the challenge, what to learn next"),
    ],
}

_RECIPES: dict[int, tuple[str, ...]] = {
    5: ("volume",),
    6: ("table",),
    8: ("thermometer",),
    10: ("fruit",),
    12: ("perceptron",),
    13: ("admissions",),
    14: ("logistic_regression",),
    15: ("points",),
    16: ("mlp", "initialization"),
    22: ("cnn",),
    24: ("mnist_speed", "resnet9", "speednet"),
    26: ("finetune",),
    27: ("gan", "autoencoder"),
    28: ("dcgan",),
}

LESSONS: tuple[PlannedLesson, ...] = tuple(
    PlannedLesson(number, part, title, line, _RECIPES.get(number, ()))
    for number, (part, title, line) in enumerate((part, *row) for part, rows in _PARTS.items() for row in rows)
)


def planned_lesson(number: int) -> PlannedLesson:
    """Returns the lesson of that number; a number beyond the plan is a lesson that a teacher has added."""
    return LESSONS[number] if 0 <= number < len(LESSONS) else PlannedLesson(number, "Added", f"Lesson {number:02}", "")
