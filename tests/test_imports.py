"""The order of the house: every room imports only rooms that stand before it, and no file stands in a circle."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import torchbook

ROOT = Path(torchbook.__file__).parent
PROJECT = Path(__file__).parents[1] / "pyproject.toml"

# A room may import what stands on its own line or above it; files of one room may import each other.
ORDER = """
errors command_answer home home_contents storage record tensor_file text_value options signature command_table
command_arguments measure_text run_folder distributed device speed png guard listen
data
run
models
training
evaluation
inference
hub
reporting display
recipes
explain
commands tour
course
cli
"""
DATA = """
phrasing array_file
augment
conversion dataset splits batches arrays
sets drawn
tables
foreign_files
images
volumes
source load
card
"""
COURSE = """
workers
grading
earlier
texts
learner
cards
terminal
pictures
runtime
lessons
site
authoring
export
"""
# `load`, `source` and `arrays` stand at the door of the data: they import the room of a path only when it is needed.
LATE = {"data/arrays.py", "data/load.py", "data/source.py"}


def files() -> Iterator[Path]:
    for file in ROOT.rglob("*.py"):
        if not {"exercises", "projects"} & set(file.parts):  # what learners write, or read
            yield file


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports(file: Path, *, types: bool = True) -> tuple[str, ...]:
    """The modules that a file imports, without `types` not those that only annotations name."""
    return tuple(_imports(file, types))


def _imports(file: Path, types: bool) -> Iterator[str]:
    nodes = list(parsed(file).body)
    for node in nodes:
        if types or not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            nodes.extend(each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr))
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            yield ".".join(["torchbook", *file.relative_to(ROOT).parent.parts, node.module or ""])
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if (node.module or "").startswith("torchbook") and module_file(inner) else node.module or ""


@cache
def module_file(name: str) -> Path | None:
    """The file of a module of torchbook."""
    path = ROOT.joinpath(*name.split(".")[1:])
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if name.split(".")[0] == "torchbook" and file.is_file():
            return file
    return None


def floors(order: str) -> dict[str, int]:
    return {room: floor for floor, line in enumerate(order.split("\n")) for room in line.split()}


def room_of(file: Path, depth: int) -> str:
    return file.relative_to(ROOT).with_suffix("").parts[depth]


def backward(order: str, *above: str) -> list[str]:
    """The imports among the rooms of the folder `above` that point from one room to another that stands after it."""
    floor, depth = floors(order), len(above)
    wrong = []
    for file in files():
        parts = file.relative_to(ROOT).with_suffix("").parts
        if parts[:depth] != above or (parts[-1] in ("__init__", "__main__") and len(parts) == depth + 1):
            continue
        room, name = parts[depth], "/".join(file.relative_to(ROOT).parts)
        if room not in floor:
            wrong.append(f"{name} stands in no room of the order")
            continue
        for module in imports(file):
            target = module_file(module)
            if target is None or target.relative_to(ROOT).parts[:depth] != above:
                continue
            other = room_of(target, depth)
            if other in floor and floor[other] > floor[room] and name not in LATE:
                wrong.append(f"{name} imports {module}")
    return wrong


def test_the_rooms_of_the_house_import_one_way():
    assert not backward(ORDER)


def test_the_rooms_of_the_data_import_one_way():
    assert not backward(DATA, "data")


def test_the_rooms_of_the_course_import_one_way():
    assert not backward(COURSE, "course")


def test_no_files_import_each_other_in_a_circle():
    graph = {
        file: {target for module in imports(file, types=False) if (target := module_file(module)) and target != file}
        for file in files()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(str(file.relative_to(ROOT)) for file in error.args[1])) from None


def test_no_file_imports_what_is_unsafe_or_cannot_be_imported():
    shown = ("run.py",)  # it shows why not
    wrong = []
    for file in files():
        tops = {name.partition(".")[0] for name in imports(file)}
        wrong += [f"{file.name} imports torchvision"] if "torchvision" in tops else []
        wrong += [f"{file.name} imports pickle"] if "pickle" in tops and file.name not in shown else []
    assert not wrong


def test_every_package_that_is_imported_is_declared():
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = [each for name, each in project["optional-dependencies"].items() if name != "test"]
    rows = [*project["dependencies"], *(row for each in extras for row in each)]
    declared = {re.split(r"[\s\[<>=!~;]", row)[0].lower().replace("_", "-") for row in rows}
    owners = importlib.metadata.packages_distributions()
    missing = set()
    for file in files():
        for top in {name.partition(".")[0] for name in imports(file)}:
            if top and top not in sys.stdlib_module_names and top not in ("torchbook", "torchvision"):
                names = {name.lower().replace("_", "-") for name in owners.get(top, [top])}
                if not names & declared:
                    missing.add(f"{top} ({file.relative_to(ROOT)})")
    assert not missing, sorted(missing)
