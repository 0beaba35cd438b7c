import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from torchbook import Batches, TorchbookError
from torchbook.data.conversion import as_pair, as_tensor

X = np.arange(12.0).reshape(6, 2)
Y = np.array([0, 1, 0, 1, 2, 2], np.int32)


class Pairs(Dataset):
    """What people write for a DataLoader."""

    def __init__(self, inputs=X, labels=Y):
        self.inputs, self.labels = inputs, labels

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, number):
        return torch.tensor(self.inputs[number], dtype=torch.float32), int(self.labels[number])


@pytest.mark.parametrize(
    ("inputs", "labels"),
    [
        (X, Y),
        (X.astype(np.float16), Y.astype(np.uint8)),
        (X.astype(">f8"), Y.astype(">i2")),
        (np.asfortranarray(X), list(Y)),
        (X.tolist(), tuple(Y.tolist())),
        (torch.tensor(X, dtype=torch.float32), torch.tensor(Y).long()),
        (TensorDataset(torch.tensor(X).float(), torch.tensor(Y)), None),
        (Pairs(), None),
        (DataLoader(Pairs(), batch_size=2), None),
    ],
)
def test_batches_in_one_call(inputs, labels):
    if isinstance(inputs, TensorDataset):
        inputs.tensors = inputs.tensors[0], inputs.tensors[1].long()
    batches = Batches(inputs, labels, size=4)
    (first, answers), (last, _) = batches
    assert torch.equal(torch.cat([first, last]), torch.tensor(X, dtype=torch.float32))
    assert answers.dtype == torch.int64 and answers.tolist() == [0, 1, 0, 1]


def test_an_array_that_is_mapped_or_cannot_be_written_to_is_no_trouble(tmp_path):
    np.save(tmp_path / "x.npy", X.astype(np.float32))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert torch.equal(as_tensor(mapped, "inputs"), torch.tensor(X).float())


def test_tensors_stay_what_they_are():
    inputs, labels = torch.zeros(3, 2, dtype=torch.float64), torch.zeros(3, dtype=torch.bool)
    pair = as_pair(inputs, labels)
    assert pair[0] is inputs and pair[1] is labels
    pixels = np.zeros((3, 1, 2, 2), np.uint8)
    assert as_tensor(pixels, "inputs").dtype == torch.uint8  # bytes of pictures are normalised later


def test_quantities_truth_values_and_examples_without_labels():
    assert as_tensor([0.5, 1], "labels").dtype == torch.float32
    assert as_tensor(np.array([True, False]), "labels").tolist() == [1, 0]
    assert as_tensor(np.array([True, False]), "inputs").dtype == torch.float32
    inputs, labels = as_pair(TensorDataset(torch.tensor(X)), None)
    assert len(inputs) == 6 and labels is None


class Stream(IterableDataset):
    def __iter__(self):
        yield torch.zeros(2), 0


@pytest.mark.parametrize(
    ("inputs", "labels", "message"),
    [
        (X, ["a", "b", "a", "b", "a", "b"], "labels must be numbers, got text; number the classes"),
        (np.array(["a"] * 6), None, "inputs must be numbers, got text$"),
        ([[1.0], [1.0, 2.0]], None, "inputs must be equally long rows of numbers, got a list"),
        (np.array([None] * 6), None, "inputs must be numbers, got a ndarray of object"),
        (Pairs(), Y, r"a Pairs holds its labels itself; leave out labels="),
        (Stream(), None, r"cannot be counted; .*torch\.stack, zip\(\*dataset\)"),
        (TensorDataset(*[torch.zeros(3)] * 3), None, "has 3 parts; expected"),
        (Pairs([[1.0], [1.0, 2.0]]), None, "do not fit into one tensor: stack expects each tensor to be equal size"),
        (Pairs([]), None, "has no examples of one kind"),
        (X, Y[:-1], "equally many, got 6 and 5"),
    ],
)
def test_what_cannot_be_a_tensor_is_said(inputs, labels, message):
    with pytest.raises(TorchbookError, match=message):
        Batches(inputs, labels)


def test_a_table_of_pandas():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"a": X[:, 0], "b": X[:, 1].astype(int), "town": list("uvwuvw"), "y": Y})
    batches = Batches(table[["a", "b"]], table["y"], size=6)
    ((inputs, labels),) = batches
    assert torch.equal(inputs, torch.tensor(X).float()) and labels.dtype == torch.int64
    assert torch.equal(as_tensor(table[["y"]].astype("Int64"), "labels")[:, 0], torch.tensor(Y).long())
    with pytest.raises(TorchbookError, match=r"the column 'town' holds (object|str).*load\('table.csv'\)"):
        Batches(table[["a", "town"]], table["y"])
    with pytest.raises(TorchbookError, match="labels must be numbers, got"):
        Batches(table[["a"]], table["town"])
