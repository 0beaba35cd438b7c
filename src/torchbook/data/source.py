"""Where a data set comes from: the registry of data sets, and a name or path with the loader that reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from torchbook import signature
from torchbook.command_answer import nearest
from torchbook.errors import TorchbookError
from torchbook.text_value import converted

if TYPE_CHECKING:
    from torchbook.data.dataset import Dataset


@dataclass(frozen=True)
class Loader:
    """The function that loads a data set: where it stands in `torchbook.data`, and whether it downloads.

    It takes `seed` and options of its own, and first the path if it reads one. It is read before it is imported.
    """

    place: str
    downloads: bool = False

    @property
    def signature(self) -> signature.Signature:
        return signature.read(f"data.{self.place}")

    def __call__(self, *path: Path, **options: Any) -> "Dataset":
        return signature.imported(f"data.{self.place}")(*path, **options)


# A new data set is a row here.
DATA_SETS: dict[str, Loader] = {
    "digits": Loader("sets.embedded:digits"),
    "iris": Loader("sets.embedded:iris"),
    "wine": Loader("sets.embedded:wine"),
    "breast_cancer": Loader("sets.embedded:breast_cancer"),
    "thermometer": Loader("sets.simulated:thermometer"),
    "fruit": Loader("sets.simulated:fruit"),
    "gates": Loader("sets.simulated:gates"),
    "admissions": Loader("sets.simulated:admissions"),
    "points": Loader("sets.points:points"),
    "mnist": Loader("sets.mnist:mnist", downloads=True),
    "fashion_mnist": Loader("sets.mnist:fashion_mnist", downloads=True),
    "cifar10": Loader("sets.cifar10:cifar10", downloads=True),
    "handwriting": Loader("drawn.sets:handwriting"),
    "shapes": Loader("drawn.sets:shapes"),
    "few_shapes": Loader("drawn.sets:few_shapes"),
    "faces": Loader("drawn.sets:faces"),
    "horses": Loader("drawn.sets:horses"),
    "zebras": Loader("drawn.sets:zebras"),
    "blobs3d": Loader("drawn.sets:blobs3d"),
}

_TABLE, _ARRAYS = Loader("tables.table:load_table"), Loader("arrays:load_arrays")
_IMAGES, _VOLUMES = Loader("images.folder:load_folder"), Loader("volumes.volume:load_volumes")
# What a path is, by the ending of its name; a folder is looked into, and so is a zip (of pictures, or of one table).
ENDINGS: dict[str, Loader] = {
    ".zip": _IMAGES,
    ".csv": _TABLE,
    ".csv.gz": _TABLE,
    ".tsv": _TABLE,
    ".tab": _TABLE,
    ".txt": _TABLE,
    ".data": _TABLE,
    ".xlsx": _TABLE,
    ".xls": _TABLE,
    ".parquet": _TABLE,
    ".jsonl": _TABLE,
    ".npy": _ARRAYS,
    ".npz": _ARRAYS,
    ".safetensors": _ARRAYS,
}


class Source(str):
    """The name of a data set, or the path of a person's own data, resolved: a text that knows its loader.

    The text is the one that a run keeps, with the options behind it as in the address of a page: `points?count=60`.
    `name` is what stands before them, `path` the same where it is no name of a data set; `options` are the options,
    each of the type that the loader wants.
    """

    name: str
    path: Path | None
    loader: Loader
    options: dict[str, Any]

    @classmethod
    def of(cls, data: str | Path) -> "Source":
        """Resolves a name or path. Text can be the name of a data set, a `Path` cannot.

        Raises:
            TorchbookError: there is no such data set and no such path, or an option's value has another type.
        """
        if isinstance(data, Source):
            return data
        name, mark, query = str(data).partition("?")
        if mark and Path(data).exists():
            name, query = str(data), ""
        listed = None if isinstance(data, Path) else DATA_SETS.get(name)
        source = cls._made(str(data), name, None if listed else Path(name), listed or _loader_of_path(name))
        source.options = source._read_options(query)
        return source

    @classmethod
    def again(cls, data: str, *, moved_to: str | Path | None = None) -> "Source":
        """Resolves what a run keeps of its data, or the place that they were `moved_to`, with the same options.

        Raises:
            TorchbookError: they are not there.
        """
        name, mark, query = str(data).partition("?")
        if moved_to is not None:
            moved = cls.of(moved_to).anywhere()
            return moved if moved.options or not mark else cls.of(f"{moved.name}?{query}")
        if name not in DATA_SETS and not Path(name).exists() and not Path(data).exists():
            raise TorchbookError(f"the data are no longer at {name}; say where they are now: data=PATH")
        return cls.of(data)

    @classmethod
    def _made(cls, text: str, name: str, path: Path | None, loader: Loader) -> "Source":
        source = cls(text)
        source.name, source.path, source.loader, source.options = name, path, loader, {}
        return source

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The loader's own options by name, `seed` among them."""
        return self.loader.signature.without("path").parameters

    def anywhere(self) -> "Source":
        """Returns the same source with an absolute path, which does not depend on the current folder."""
        if self.path is None or self.path.is_absolute():
            return self
        path = self.path.absolute()
        source = self._made(joined(str(path), self.options), str(path), path, self.loader)
        source.options = self.options
        return source

    def asking(self, **options: Any) -> "Source":
        """Returns the same source with further options behind it."""
        options = self.options | options
        source = self._made(joined(self.name, options), self.name, self.path, self.loader)
        source.options = options
        return source

    def load(self, *, seed: int = 0, **options: Any) -> "Dataset":
        """Returns the data set; `options` come before those that stand behind the name.

        Raises:
            TorchbookError: the loader has no such option, or it cannot load the data.
        """
        arguments = {"seed": seed} | self.options | options
        for option, value in arguments.items():
            if option not in self.parameters:
                takes = ", ".join(self.parameters)
                raise TorchbookError(f"the data set {self.name!r} has no option {option}={value!r}; it takes {takes}")
            if isinstance(value, str):
                arguments[option] = self._typed(option, value)
        if not -(2**63) <= arguments["seed"] < 2**63:
            raise TorchbookError(f"seed must be a whole number of at most 64 bits, got {arguments['seed']}")
        return self.loader(**arguments) if self.path is None else self.loader(self.path, **arguments)

    def _read_options(self, query: str) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for option, text in parse_qsl(query, keep_blank_values=True):
            value = self._typed(option, text)
            options[option] = options[option] | value if isinstance(value, dict) and option in options else value
        return options

    def _typed(self, option: str, text: str) -> Any:
        """A value of the type that the loader wants; what it has no option for stays a text."""
        if option not in self.parameters:
            return text
        try:
            return converted(text, self.parameters[option].annotation)
        except ValueError as error:
            raise TorchbookError(f"{self.name}: {option} {error}, got {text!r}") from None


def _loader_of_path(name: str) -> Loader:
    path = Path(name)
    if name and (path.is_dir() or (path.is_file() and path.suffix.lower() == ".zip")):
        return _loader_of_many(path)
    if path.is_file():
        for ending in (path.suffix.lower(), "".join(path.suffixes[-2:]).lower()):
            if ending in ENDINGS:
                return ENDINGS[ending]
        from torchbook.data.foreign_files import way

        known = way(path.name)
        endings = f"expected a folder or a file that ends in {', '.join(ENDINGS)}"
        told = f"torchbook does not read {known}" if known else endings
        raise TorchbookError(f"{name}: {told}")
    if name in DATA_SETS:
        raise TorchbookError(f"there is no path {name!r}; the data set of that name is load({name!r})")
    beside = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    paths = [str(path.parent / item) for item in beside if not item.startswith(".")]
    # Of two that are near the nearer is named: a misspelt folder is no misspelt data set.
    near = nearest(name, [*paths, *DATA_SETS], otherwise=f"known are {', '.join(DATA_SETS)}")
    raise TorchbookError(f"there is no data set and no path {name!r}; {near}")


def _loader_of_many(path: Path) -> Loader:
    """The loader of a folder or zip, by what is in it."""
    from torchbook.data.tables.table_file import packed_table
    from torchbook.data.volumes.folder_kind import holds_volumes

    if path.is_dir() and {"x.npy", "y.npy"} <= {file.name.lower() for file in path.glob("*.npy")}:
        return _ARRAYS
    if path.is_file() and packed_table(path):
        return _TABLE
    return _VOLUMES if holds_volumes(path) else _IMAGES


def joined(name: str, options: Mapping[str, Any]) -> str:
    """Returns a name or path with options behind it, as `load` takes it."""
    pairs: list[tuple[str, Any]] = []
    for option, value in options.items():
        several = [f"{column}={kind}" for column, kind in value.items()] if isinstance(value, dict) else [value]
        pairs += [(option, each) for each in several]
    return f"{name}?{urlencode(pairs)}" if options else name
