"""The order of the house: data, models, training, evaluation, inference; and nothing above imports the course."""

import ast
from pathlib import Path

import pytest

import torchbook

ROOT = Path(torchbook.__file__).parent
ORDER = ["data", "models", "training", "evaluation", "inference", "recipes", "course"]
FILES = [file for folder in ORDER for file in (ROOT / folder).rglob("*.py") if "exercises" not in file.parts]
# The cards of data sets are shown with the pictures of inference, by a command.
EXCEPT = {("data", "inference"): ["command.py", "show.py"]}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_one_way(file):
    folder = file.relative_to(ROOT).parts[0]
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "torchbook" and len(parts) > 1 and parts[1] in ORDER:
                assert ORDER.index(parts[1]) <= ORDER.index(folder), f"{file.name} imports {name}"
            assert parts[0] != "torchvision", f"{file.name} imports torchvision"
            # A lesson shows why not.
            shown = ("run.py", "14_logistic_regression.py")
            assert parts[0] not in ("pickle",) or file.name in shown, f"{file.name} imports {name}"
