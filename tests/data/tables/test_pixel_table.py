"""Pictures in the columns of a table are those in an array of the same numbers."""

import numpy as np
import pytest
import torch

from torchbook.data.arrays import load_arrays
from torchbook.data.load import load_images
from torchbook.data.tables.delimited import read_delimited
from torchbook.data.tables.pixel_table import pixel_columns
from torchbook.errors import TorchbookError

generator = np.random.default_rng(0)
PICTURES = generator.integers(0, 256, (40, 8, 8), np.uint8)
LABELS = np.arange(40) % 4


def written(path, header, rows):
    lines = [header] if header else []
    path.write_text("\n".join(",".join(map(str, row)) for row in [*lines, *rows]) + "\n")
    return path


NUMBERED = [f"pixel{i}" for i in range(64)]
FORMS = {
    "label first": lambda: (["label", *NUMBERED], [[c, *p.ravel()] for c, p in zip(LABELS, PICTURES)]),
    "label last": lambda: ([*NUMBERED, "label"], [[*p.ravel(), c] for c, p in zip(LABELS, PICTURES)]),
    "rows and columns": lambda: (
        ["label", *(f"{i}x{j}" for i in range(1, 9) for j in range(1, 9))],
        [[c, *p.ravel()] for c, p in zip(LABELS, PICTURES)],
    ),
    "no header": lambda: (None, [[c, *p.ravel()] for c, p in zip(LABELS, PICTURES)]),
    "in one cell": lambda: (
        ["label", "pixels"],
        [[c, " ".join(map(str, p.ravel()))] for c, p in zip(LABELS, PICTURES)],
    ),
    "parts of one": lambda: (["label", *NUMBERED], [[c, *(p.ravel() / 255)] for c, p in zip(LABELS, PICTURES)]),
}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_pictures_of_a_table_are_those_of_an_array(tmp_path, form):
    path = written(tmp_path / "p.csv", *FORMS[form]())
    np.savez(tmp_path / "p.npz", x=PICTURES, y=LABELS)
    options = {"target": "column 1"} if form == "no header" else {}
    name = str(path) + ("?target=column 1" if options else "")
    table, array = load_images(name), load_arrays(tmp_path / "p.npz")
    assert table.card.classes == array.card.classes == ("0", "1", "2", "3")
    for one, other in zip(table, array):
        assert torch.equal(one.inputs, other.inputs) and torch.equal(one.labels, other.labels)


def test_colours_and_a_split_column(tmp_path):
    colours = generator.integers(0, 256, (30, 3 * 25), np.uint8)
    usage = ["Training", "PublicTest", "PrivateTest"]
    rows = [[i % 2, usage[i % 3], " ".join(map(str, values))] for i, values in enumerate(colours)]
    dataset = load_images(str(written(tmp_path / "p.csv", ["emotion", "Usage", "pixels"], rows)))
    assert dataset.sample_shape == (3, 5, 5) and dataset.card.classes == ("0", "1")
    assert torch.equal(dataset.valid.inputs.flatten(1), torch.from_numpy(colours[1::3]))


@pytest.mark.parametrize("width", [30, 100])
def test_other_columns_are_no_pixels(tmp_path, width):
    rows = generator.normal(size=(20, width)) * 100
    path = written(tmp_path / "t.csv", [f"v{i}" for i in range(width)], rows)
    assert pixel_columns(read_delimited(path)) == []
    with pytest.raises(TorchbookError, match="this recipe needs pictures"):
        load_images(str(path))
