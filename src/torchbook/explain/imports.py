"""Rules for modules that cannot be imported: packages under another name, misspelt ones, own files that hide others."""

import importlib.util
import pkgutil
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from torchbook.explain.near_names import elsewhere, names_of, nearest
from torchbook.explain.rule import Match, Rule

# Modules whose package has another name; an unlisted name is never advised to be installed: it may be a stranger's.
_PACKAGES = {
    "cv2": "opencv-python-headless",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "dotenv": "python-dotenv",
    "dateutil": "python-dateutil",
    "IPython": "ipython",
    "pytorch_lightning": "pytorch-lightning",
    "umap": "umap-learn",
    "ruamel": "ruamel.yaml",
    "segmentation_models_pytorch": "segmentation-models-pytorch",
    "docx": "python-docx",
    "serial": "pyserial",
}
_PACKAGES |= {
    name: name
    for name in [
        "accelerate",
        "albumentations",
        "catboost",
        "datasets",
        "einops",
        "fastapi",
        "fastai",
        "flask",
        "gdown",
        "gymnasium",
        "h5py",
        "huggingface_hub",
        "imageio",
        "ipywidgets",
        "joblib",
        "jupyter",
        "kaggle",
        "librosa",
        "lightgbm",
        "lightning",
        "marimo",
        "matplotlib",
        "networkx",
        "nibabel",
        "nltk",
        "notebook",
        "numba",
        "numpy",
        "onnx",
        "onnxruntime",
        "openpyxl",
        "optuna",
        "pandas",
        "pillow",
        "plotly",
        "polars",
        "psutil",
        "pyarrow",
        "pydicom",
        "pytest",
        "requests",
        "safetensors",
        "scipy",
        "seaborn",
        "sentencepiece",
        "shap",
        "soundfile",
        "spacy",
        "statsmodels",
        "streamlit",
        "sympy",
        "tensorboard",
        "tifffile",
        "timm",
        "tokenizers",
        "torchinfo",
        "torchmetrics",
        "torchsummary",
        "tqdm",
        "transformers",
        "wandb",
        "xgboost",
    ]
}
# Those with compiled code for one build of torch: from PyPI they would bring another torch along.
_BESIDE_TORCH = {"torchvision": "0.{minor}.*", "torchaudio": "2.{torch_minor}.*"}
# Libraries whose names people give to files of their own.
_HIDDEN = {"torch", "numpy", "matplotlib", "PIL", "sklearn", "scipy", "pandas", "torchvision", "cv2", "seaborn", "tqdm"}
_NOT_PACKAGES = {
    "pytorch": "The package of PyTorch is imported as `torch`: `import torch`.",
    "Torch": "Names of modules are written in small letters: `import torch`.",
    "tensorflow": "That is another library than PyTorch; look for the same with `torch` in PyTorch's documentation.",
    "keras": "That is another library than PyTorch; look for the same with `torch.nn` in PyTorch's documentation.",
    "torchtext": "That package is no longer made; its data sets are found elsewhere, such as in `datasets`.",
    "google.colab": "It exists in Google Colab only; on your own machine leave these lines out and use a path.",
    "imp": "Python has `importlib` instead since 3.12.",
    "distutils": "Python has it no longer since 3.12; `setuptools` has a part of it.",
    "tkinter": "It comes with Python, but is installed separately on some systems, as the package `python3-tk`.",
    "wheel.pep425tags": (
        "That module no longer exists, and a recipe that uses it is out of date: install torch with the "
        "command that pytorch.org shows."
    ),
}
_MOVED = {
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.externals": "joblib",
    "sklearn.datasets.samples_generator": "sklearn.datasets",
    "scipy.misc": "PIL or imageio",
    "torch._six": "collections.abc and the types of Python itself",
    "torch.utils.tensorboardX": "torch.utils.tensorboard",
}


def _missing(match: Match) -> str:
    name = _module(match)
    parent, _, last = name.rpartition(".")
    if parent and _is_there(parent):
        return f"There is no module `{last}` in `{parent}`."
    if _is_file(match):
        return f"`{name}` is the name of a file with its ending; modules are imported without it."
    return f"There is no module called `{name}` here."


def _missing_fix(match: Match) -> str:
    name = _module(match)
    root, (parent, _, last) = name.partition(".")[0], name.rpartition(".")
    if _is_file(match):
        return f"Leave the ending out: `import {name.removesuffix('.py')}`."
    if hidden := _hiding_file(match, root):
        return _rename(hidden)
    for candidate in (name, root):
        if candidate in _NOT_PACKAGES:
            return _NOT_PACKAGES[candidate]
    if name in _MOVED:
        return f"It has moved: its contents are now in `{_MOVED[name]}`."
    if parent and _is_there(parent):
        if hasattr(sys.modules.get(parent), last):
            return f"`{last}` is no module but a name in `{parent}`: `from {parent} import {last}`."
        near = nearest(last, [item.name for item in pkgutil.iter_modules(_paths(parent))])
        here = f"Did you mean `{parent}.{near}`?" if near else ""
        return here or f"It may have been moved or renamed since: look `{last}` up in the documentation of `{root}`."
    return package_advice(root)


def package_advice(name: str) -> str:
    """Returns how to install a module that is on the list; for another name one that is near, or where to look."""
    if name in _BESIDE_TORCH:
        torch_minor = int(torch.__version__.split(".")[1])
        wanted = _BESIDE_TORCH[name].format(minor=torch_minor + 15, torch_minor=torch_minor)
        return (
            f"It must fit the installed torch, so name its version and take it from where torch came from; beside the "
            f'CPU build: `python -m pip install "{name}=={wanted}" --index-url https://download.pytorch.org/whl/cpu`. '
            "A plain `pip install` would replace torch itself."
        )
    if name in _PACKAGES:
        package = _PACKAGES[name]
        other = f" (the package is called `{package}`, the module `{name}`)" if package != name else ""
        return f"Install it{other}: `python -m pip install {package}`."
    near = nearest(name, sorted({*_PACKAGES, *_BESIDE_TORCH, *_installed(), "torch"}))
    if near:
        return f"Did you mean `import {near}`?"
    return (
        f"If `{name}` is a file of yours or of a course, put `{name}.py` into the folder of this program; if it is a "
        "package, look up what it is really called before you install anything, since a package of that name may be a "
        "stranger's."
    )


def _module(match: Match) -> str:
    return match["name"]


def _is_file(match: Match) -> bool:
    """Returns True if a file was imported with its ending, as in `import helper.py`."""
    name = match["name"]
    statement = match.context.code.statement
    aliases = [alias.name for alias in getattr(statement, "names", ())]
    return name.endswith(".py") or any(alias == f"{name}.py" for alias in aliases)


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def _paths(package: str) -> Any:
    module = sys.modules.get(package)
    return getattr(module, "__path__", None) or ()


def _installed() -> list[str]:
    """Returns the names of modules that can be imported, those of Python among them."""
    here = [item.name for item in pkgutil.iter_modules() if not item.name.startswith("_")]
    return [*here, *(name for name in sys.stdlib_module_names if not name.startswith("_"))]


def _hiding_file(match: Match, name: str) -> Path | None:
    """Returns the person's own file or folder that is imported in place of a library of that name."""
    folders = [Path(match.context.code.file).parent] if match.context.code.file else []
    if path := re.search(r"\((?P<path>/[^()]*|[A-Z]:[^()]*)\)", str(match.error)):
        folders.append(Path(path["path"]).parent)
    if name not in _HIDDEN and not (name in sys.stdlib_module_names and _is_in_python(name, match["name"])):
        return None
    source = getattr(sys.modules.get(name), "__file__", None)
    if source and not _is_installed(Path(source)):
        return Path(source)
    for folder in folders:
        for candidate in (folder / f"{name}.py", folder / name):
            if candidate.exists() and not _is_installed(candidate):
                return candidate
    return None


def _is_installed(file: Path) -> bool:
    """Returns True for a file of an installed package or of Python itself."""
    return "site-packages" in file.parts or file.is_relative_to(Path(re.__file__).parent.parent)


def _is_in_python(module: str, name: str) -> bool:
    """Returns True if Python's own module of this name mentions the name that was asked; one in C counts as such."""
    library = Path(re.__file__).parent.parent
    sources = [file for file in (library / f"{module}.py", library / module / "__init__.py") if file.is_file()]
    return not sources or any(re.search(rf"\b{re.escape(name)}\b", file.read_text("utf-8")) for file in sources)


def _rename(hidden: Path) -> str:
    what = "file" if hidden.suffix else "folder"
    return (
        f"Your own {what} `{hidden.name}` hides the real `{hidden.stem}`: rename it (and delete `__pycache__` beside "
        "it), then it can be imported."
    )


def _hides(match: Match) -> bool:
    return _hiding_file(match, _hidden_name(match)) is not None


def _hidden_name(match: Match) -> str:
    return match["module"].partition(".")[0]


def _hides_what(match: Match) -> str:
    name = _hidden_name(match)
    return (
        f"`{name}` is not the library here but a {'file' if _file(match).suffix else 'folder'} of your own, and that "
        f"has no `{match['name']}`."
    )


def _file(match: Match) -> Path:
    return _hiding_file(match, _hidden_name(match)) or Path()


def _circle_fix(match: Match) -> str:
    if hidden := _hiding_file(match, _hidden_name(match)):
        return _rename(hidden)
    return (
        "Two files import each other in a circle. Move what both need into a third file, or put one of the imports "
        "inside the function that uses it."
    )


# The names that other libraries use, with the ones of torch.
_OTHER_LIBRARIES = {
    "dense": "`nn.Linear(inputs, outputs)`",
    "conv2d": "`nn.Conv2d(channels_in, channels_out, kernel_size)`",
    "conv1d": "`nn.Conv1d`",
    "maxpooling2d": "`nn.MaxPool2d(2)`",
    "maxpool": "`nn.MaxPool2d(2)`",
    "averagepooling2d": "`nn.AvgPool2d(2)`",
    "globalaveragepooling2d": "`nn.AdaptiveAvgPool2d(1)`",
    "batchnormalization": "`nn.BatchNorm1d(features)` or `nn.BatchNorm2d(channels)`",
    "batchnorm": "`nn.BatchNorm1d(features)` or `nn.BatchNorm2d(channels)`",
    "activation": "a layer such as `nn.ReLU()`",
    "input": "no layer at all: a model takes its input when it is called",
    "categoricalcrossentropy": "`nn.CrossEntropyLoss()`",
    "binarycrossentropy": "`nn.BCEWithLogitsLoss()`",
    "meansquarederror": "`nn.MSELoss()`",
    "swish": "`nn.SiLU()`, or `F.silu(x)`",
    "attention": "`nn.MultiheadAttention(size, heads)`",
    "selfattention": "`nn.MultiheadAttention(size, heads)`",
    "mae": "`nn.L1Loss()`",
    "maeloss": "`nn.L1Loss()`, or `F.l1_loss(predictions, labels)`",
    "meanabsoluteerror": "`nn.L1Loss()`",
    "mse": "`nn.MSELoss()`, or `F.mse_loss(predictions, labels)`",
    "rmse": "`nn.MSELoss()` and its root, `torch.sqrt(criterion(predictions, labels))`",
    "rmseloss": "`nn.MSELoss()` and its root, `torch.sqrt(criterion(predictions, labels))`",
    "accuracy": "`(predictions == labels).float().mean()`, of class numbers",
    "crossentropy": "`nn.CrossEntropyLoss()`, or `F.cross_entropy(logits, labels)`",
    "onehot": "`F.one_hot(labels, num_classes=10)`",
    "concatenate": "`torch.cat([a, b], dim=1)`",
    "concat": "`torch.cat([a, b], dim=1)`",
    "add": "`+`: `x + y` in `forward`",
    "reshape": "`x.reshape(sizes)` in `forward`, or `nn.Flatten()`",
    "fullyconnected": "`nn.Linear(inputs, outputs)`",
    "train": "`model.train()` for the mode; the loop of a training is written by yourself",
    "data": "`torch.utils.data`: `from torch.utils.data import DataLoader`",
    "optimizer": "`torch.optim`: `torch.optim.SGD(model.parameters(), lr=0.1)`",
    "optimizers": "`torch.optim`: `torch.optim.SGD(model.parameters(), lr=0.1)`",
    "zerograd": "a method of the optimizer that was made: `optimizer.zero_grad()`",
    "step": "a method of the optimizer that was made: `optimizer.step()`",
    "variable": "nothing: every tensor records gradients with `requires_grad=True`",
}
_TORCH_FOR = {
    "array": "`torch.tensor(values)`",
    "shape": "`x.shape`, of a tensor `x`",
    "size": "`x.shape`, of a tensor `x`",
    "len": "`len(x)` or `x.shape[0]`",
    "random": "`torch.rand(sizes)` (0 to 1) or `torch.randn(sizes)` (bell curve)",
    "astype": "`x.to(torch.float32)`",
    "matmull": "`torch.matmul(a, b)`, or `a @ b`",
    "softmax_cross_entropy": "`F.cross_entropy(logits, labels)`",
    "list": "`torch.tensor(values)`",
    "expand_dims": "`x.unsqueeze(dim)`",
    "copy": "`x.clone()`",
    "append": "`torch.cat([a, b])`",
}


def _no_such_name(match: Match) -> str:
    rest = str(match.error).partition("\n")[2].strip()
    hint = f" {rest.partition('. ')[0].strip()}." if match["module"] == "numpy" and "deprecated alias" in rest else ""
    return f"There is no `{match['name']}` in `{match['module']}`.{hint}"


def _no_such_name_fix(match: Match) -> str:
    module, name = match["module"], match["name"]
    if module == "numpy" and (fix := _old_numpy(name)):
        return fix
    folded = name.casefold().replace("_", "")
    rooms = ("torch.nn", "torch", "torch.nn.functional", "torch.optim")
    if module in rooms and folded in _OTHER_LIBRARIES and name not in dir(torch.nn):
        return f"In PyTorch that is {_OTHER_LIBRARIES[folded]}."
    if module == "torch" and name in _TORCH_FOR:
        return f"In PyTorch that is {_TORCH_FOR[name]}."
    # What is imported when it is first used stands in `__all__` only.
    public = getattr(sys.modules.get(module), "__all__", [])
    names = [*names_of(sys.modules.get(module)), *public] if module in sys.modules else []
    contents = vars(sys.modules[module]) if module in sys.modules else {}
    same_letters = [other for other in names if other.casefold() == name.casefold()]
    same_letters.sort(key=lambda other: isinstance(contents.get(other), ModuleType))
    if same_letters:
        return f"Did you mean `{module}.{same_letters[0]}`?"
    if place := elsewhere(name, but=module) or elsewhere(name.capitalize(), but=module):
        return f"It is `{place}`."
    submodule = f"{module}.{name}"
    if _is_there(submodule):
        return f"It is a module of its own: `import {submodule}` first."
    # A module has so many names that one of them is always a little like another.
    near = nearest(name, [other for other in names if not other.startswith("_")], cutoff=0.78)
    if near:
        return f"Did you mean `{module}.{near}`?"
    for other, value in contents.items():
        if isinstance(value, type) and value.__module__ == module and hasattr(value, name) and other.islower():
            return (
                f"It belongs to the class of the same module: `{module}.{other}.{name}`, or `from {module} import"
                f" {other}`."
            )
    root = module.partition(".")[0]
    if root == "torchbook" and public:
        return f"It has {', '.join(f'`{name}`' for name in public)}."
    return f"Look in the documentation of `{root}` for what it is called there today; examples may be older than it."


def _old_numpy(name: str) -> str:
    """Returns the advice for a name that NumPy has given up."""
    plain = {"int": "int", "float": "float", "bool": "bool", "object": "object", "str": "str", "complex": "complex"}
    if name in plain:
        exact = {"int": ", or `np.int64` for a fixed size", "float": ", or `np.float64` for a fixed size"}.get(name, "")
        return f"Write Python's own `{name}`{exact}."
    gone = {"float_": "np.float64", "unicode_": "np.str_", "Inf": "np.inf", "NaN": "np.nan", "product": "np.prod"}
    return f"It is called `{gone[name]}` now." if name in gone else ""


RULES = (
    Rule(
        "relative-import",
        "python",
        r"attempted relative import with no known parent package",
        "A dot before a module means the package around this file, and a file that is run as a program has none.",
        "Leave the dot out, `from model import Net`, for a file in the same folder; or run it as a part of its "
        "package, `python -m package.program`.",
    ),
    Rule(
        "own-file-hides-library",
        "python",
        r"(?:partially initialized )?module '(?P<module>[\w.]+)' (?:\([^)]*\) )?has no attribute '(?P<name>\w+)'"
        r"|cannot import name '(?P<name2>\w+)' from (?:partially initialized module )?'(?P<module2>[\w.]+)'"
        r"|No module named '(?P<module3>\w+)\.(?P<name3>[\w.]+)'; '\w+' is not a package",
        _hides_what,
        lambda match: _rename(_file(match)),
        when=_hides,
    ),
    Rule(
        "import-circle",
        "python",
        r"cannot import name '(?P<name>\w+)' from partially initialized module '(?P<module>[\w.]+)'"
        r"|partially initialized module '(?P<module2>[\w.]+)' (?:\([^)]*\) )?has no attribute '(?P<name2>\w+)'",
        "`{name}` was asked from `{module}` before that file had been read to its end.",
        _circle_fix,
    ),
    Rule(
        "torchvision-of-another-build",
        "python",
        r"operator torchvision::\w+ does not exist|Couldn't load custom C\+\+ ops",
        "The installed torchvision was made for another build or version of torch than the one that is here.",
        lambda match: f"Remove it, `python -m pip uninstall torchvision`. {package_advice('torchvision')}",
    ),
    Rule(
        "unknown-in-module",
        "python",
        r"[Mm]odule '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'|cannot import name '(?P<name2>\w+)' from "
        r"'(?P<module2>[\w.]+)'",
        _no_such_name,
        _no_such_name_fix,
    ),
    Rule("unknown-module", "python", r"No module named '(?P<name>[\w.]+)'", _missing, _missing_fix),
    Rule(
        "optional-package",
        "python",
        r"ImportError: (?:Missing optional dependency '(?P<name>\w+)'|(?P<name2>\w+) (?:is not installed|not found))",
        "This needs the package `{name}`, which is not installed.",
        lambda match: package_advice(match["name"]),
    ),
)
