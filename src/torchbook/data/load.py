"""One door to every data set: a name that torchbook knows, or the path of what a person has."""

import difflib
import inspect
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, urlencode

from torchbook.data.dataset import Dataset
from torchbook.errors import TorchbookError

# name -> module of torchbook.data and the function in it that loads the set; it takes `seed` and options of its own.
SOURCES: dict[str, tuple[str, str]] = {
    "digits": ("sets.embedded", "digits"),
    "iris": ("sets.embedded", "iris"),
    "wine": ("sets.embedded", "wine"),
    "breast_cancer": ("sets.embedded", "breast_cancer"),
    "thermometer": ("sets.simulated", "thermometer"),
    "fruit": ("sets.simulated", "fruit"),
    "gates": ("sets.simulated", "gates"),
    "admissions": ("sets.simulated", "admissions"),
    "points": ("sets.points", "points"),
    "mnist": ("sets.mnist", "mnist"),
    "fashion_mnist": ("sets.mnist", "fashion_mnist"),
    "cifar10": ("sets.cifar10", "cifar10"),
    "handwriting": ("drawn.sets", "handwriting"),
    "shapes": ("drawn.sets", "shapes"),
    "faces": ("drawn.sets", "faces"),
    "horses": ("drawn.sets", "horses"),
    "zebras": ("drawn.sets", "zebras"),
    "blobs3d": ("drawn.sets", "blobs3d"),
}

# What a path is, by the ending of its name; a folder is looked into.
ENDINGS: dict[str, tuple[str, str]] = {
    ".zip": ("images.folder", "load_folder"),
    ".csv": ("tables.table", "load_table"),
    ".tsv": ("tables.table", "load_table"),
    ".txt": ("tables.table", "load_table"),
    ".npy": ("arrays", "load_arrays"),
    ".npz": ("arrays", "load_arrays"),
    ".safetensors": ("arrays", "load_arrays"),
}

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def load(data: str | Path, *, seed: int = 0, **options: Any) -> Dataset:
    """The data set of that name or path, as train, valid and test with a card.

    `seed` draws the split where the data come without one. `options` are those of the set's own loader, for instance
    `image_size` for pictures or `target` for a table. They can also stand behind the name, as in the address of a page:
    `points?figure=moons`, `rows.npz?inputs=a&target=b`, `rows.csv?kinds=rank=categorical`. So one string says all, and
    a run can keep it.

    Raises:
        TorchbookError: the name is unknown, the path does not exist or the loader has no such option.
    """
    data, asked = separated(data)
    loader = loader_of(data)
    known = [name for name in inspect.signature(loader).parameters if name != "path"]
    hints = get_type_hints(loader)
    arguments = {"seed": seed} | asked | options
    for option, value in arguments.items():
        if option not in known:
            raise TorchbookError(
                f"the data set {str(data)!r} has no option {option}={value!r}; it takes {', '.join(known)}"
            )
        if isinstance(value, str):
            arguments[option] = _typed(str(data), option, value, hints[option])
    if not -(2**63) <= arguments["seed"] < 2**63:
        raise TorchbookError(f"seed must be a whole number of at most 64 bits, got {arguments['seed']}")
    return loader(**arguments) if data in SOURCES else loader(Path(data), **arguments)


def load_images(data: str, *, image_size: int | None = None, seed: int = 0) -> Dataset:
    """A data set of pictures, as squares of `image_size` pixels if that is given.

    Its own loader is asked for the size where it can read or draw pictures at any; others are interpolated.

    Raises:
        TorchbookError: the data are no pictures.
    """
    asked = image_size is not None and "image_size" in inspect.signature(loader_of(separated(data)[0])).parameters
    dataset = load(data, seed=seed, **({"image_size": image_size} if asked else {}))
    if dataset.card.kind != "images":
        raise TorchbookError(f"this recipe needs pictures, but {data} is a data set of {dataset.card.kind}")
    if image_size is None:
        return dataset
    from torchbook.data.images.resize import resize

    return resize(dataset, image_size)


def load_numeric(data: str, *, task: Literal["classification", "regression"], seed: int = 0) -> Dataset:
    """A table for a linear model: something of this kind to predict, from features that are numbers.

    Raises:
        TorchbookError: the target is of the other kind, or there are categories as indices, which no sum can weigh.
    """
    dataset = load(data, seed=seed)
    card = dataset.card
    if card.kind in ("images", "volumes") or card.task != task:
        raise TorchbookError(
            f"this recipe is for the {task} of tables, but {data} is a data set of {card.kind} for {card.task}"
        )
    indices = [card.features[feature] for feature, *_ in card.extra.get("embeddings", [])]
    if indices:
        raise TorchbookError(
            f"this recipe weighs numbers, but {data} has categories with many values ({', '.join(indices)});"
            f" this one embeds them: torchbook train table --data {data}"
        )
    return dataset


def separated(data: str | Path) -> tuple[str | Path, dict[str, Any]]:
    """A name or path, and the options that stand behind it, each as the type that its loader wants.

    Raises:
        TorchbookError: an option's value has another type.
    """
    name, mark, query = str(data).partition("?")
    if not mark or Path(data).exists():
        return data, {}
    named = Path(name) if isinstance(data, Path) else name
    hints = get_type_hints(loader_of(named))
    asked: dict[str, Any] = {}
    for option, value in parse_qsl(query, keep_blank_values=True):
        typed = _typed(name, option, value, hints.get(option))
        asked[option] = asked[option] | typed if isinstance(typed, dict) and option in asked else typed
    return named, asked


def joined(name: str, options: dict[str, Any]) -> str:
    """A name or path with options behind it, as `load` takes it."""
    pairs: list[tuple[str, Any]] = []
    for option, value in options.items():
        several = [f"{column}={kind}" for column, kind in value.items()] if isinstance(value, dict) else [value]
        pairs += [(option, each) for each in several]
    return f"{name}?{urlencode(pairs)}" if options else name


def _typed(name: str, option: str, value: str, hint: Any) -> Any:
    kinds = get_args(hint) or (hint,)
    if bool in kinds:
        if value.lower() not in _TRUTHS:
            raise TorchbookError(f"{name}: {option} must be true or false, got {value!r}")
        return _TRUTHS[value.lower()]
    if any(get_origin(kind) is dict for kind in kinds):
        column, _, what = value.rpartition("=")
        if not column:
            raise TorchbookError(f"{name}: {option} must be COLUMN=KIND, got {value!r}")
        return {column: what}
    for kind in (int, float):
        if kind in kinds:
            try:
                return kind(value)
            except ValueError:
                raise TorchbookError(f"{name}: {option} must be a number, got {value!r}") from None
    return value


def loader_of(data: str | Path) -> Any:
    """The function that loads a data set: of `seed` and its own options, and first of the path if it is a path.

    Text can be the name of a data set, a `Path` cannot.

    Raises:
        TorchbookError: there is no such data set and no such path.
    """
    name, path = str(data), Path(data)
    if data in SOURCES:
        module, function = SOURCES[name]
    elif name and (path.is_dir() or (path.is_file() and path.suffix.lower() == ".zip")):
        from torchbook.data.volumes.folder_kind import holds_volumes

        module, function = (
            ("volumes.volume", "load_volumes") if holds_volumes(path) else ("images.folder", "load_folder")
        )
    elif path.is_file():
        if path.suffix.lower() not in ENDINGS:
            raise TorchbookError(f"{name}: expected a folder or a file that ends in {', '.join(ENDINGS)}")
        module, function = ENDINGS[path.suffix.lower()]
    elif name in SOURCES:
        raise TorchbookError(f"there is no path {name!r}; the data set of that name is load({name!r})")
    else:
        near = difflib.get_close_matches(name, SOURCES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(SOURCES)}"
        raise TorchbookError(f"there is no data set and no path {name!r}; {hint}")
    return getattr(import_module(f"torchbook.data.{module}"), function)
