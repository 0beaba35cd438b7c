"""Saved arrays: shapes and types are read as a person means them, and nothing in a file is run."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from torchbook.data import load
from torchbook.data.arrays import array_rows, load_arrays
from torchbook.errors import TorchbookError

generator = np.random.default_rng(0)


def saved(folder, **arrays):
    np.savez_compressed(folder / "set.npz", **arrays)
    return folder / "set.npz"


def examples(dataset):
    return sum(len(split) for split in dataset)


@pytest.mark.parametrize(
    ("x", "kind", "shape"),
    [
        (generator.normal(size=40), "table", (1,)),
        (generator.normal(size=(40, 5)), "table", (5,)),
        (generator.integers(0, 256, (40, 6, 9), np.uint8), "images", (1, 6, 9)),
        (generator.normal(size=(40, 8, 8)), "images", (1, 8, 8)),
        (generator.normal(size=(40, 3, 12)), "sequences", (3, 12)),
        (generator.integers(0, 256, (40, 3, 9, 9), np.uint8), "images", (3, 9, 9)),
        (generator.integers(0, 256, (40, 9, 9, 3), np.uint8), "images", (3, 9, 9)),
        (generator.integers(-1000, 3000, (40, 1, 4, 5, 6), np.int16), "volumes", (1, 4, 5, 6)),
        (generator.integers(-1000, 3000, (40, 4, 5, 6, 1), np.int16), "volumes", (1, 4, 5, 6)),
    ],
)
def test_the_shape_says_what_the_inputs_are(tmp_path, x, kind, shape):
    dataset = load_arrays(saved(tmp_path, x=x, y=np.arange(40) % 2))
    assert dataset.card.kind == kind
    assert dataset.sample_shape == shape
    assert dataset.train.inputs.dtype == (torch.uint8 if x.dtype == np.uint8 else torch.float32)
    assert examples(dataset) == 40
    assert dataset.card.classes == ("0", "1")
    # What the person saved is what is there, whatever order the axes had.
    every = torch.cat([split.inputs for split in dataset])
    assert every.to(torch.float64).sum().item() == pytest.approx(x.astype(np.float64).sum(), rel=1e-5)


@pytest.mark.parametrize(
    ("y", "task", "classes"),
    [
        (np.arange(30) % 3, "classification", ("0", "1", "2")),
        (np.array(["cat", "ant", "bee"] * 10), "classification", ("ant", "bee", "cat")),
        (np.array([b"no", b"yes"] * 15), "classification", ("no", "yes")),
        (np.array([True, False] * 15), "classification", ("False", "True")),
        (np.eye(3)[np.arange(30) % 3], "classification", ("0", "1", "2")),
        (np.array([[7], [-1]] * 15), "classification", ("-1", "7")),
        (np.linspace(0, 1, 30), "regression", ()),
        (np.ones((30, 2)) * np.arange(30)[:, None] / 7, "regression", ()),
    ],
)
def test_the_type_says_what_the_target_is(tmp_path, y, task, classes):
    x = np.arange(30.0)[:, None]
    dataset = load_arrays(saved(tmp_path, x=x, y=y))
    assert (dataset.card.task, dataset.card.classes) == (task, classes)
    for split in dataset:
        for row, label in zip(split.inputs[:, 0].int().tolist(), split.labels):
            if task == "regression":
                assert label.tolist() == pytest.approx(np.atleast_1d(y[row]).tolist())
            elif y.ndim == 2 and y.shape[1] > 1:
                assert label == y[row].argmax()
            else:
                value = y[row].item()
                assert classes[label] == (value.decode() if isinstance(value, bytes) else str(value))


def test_splits_that_the_file_gives_are_kept(tmp_path):
    x, y = np.arange(50.0).reshape(25, 2), np.arange(25) % 2
    path = saved(tmp_path, X_train=x[:20], y_train=y[:20], X_test=x[20:], y_test=y[20:])
    dataset = load_arrays(path)
    assert (len(dataset.train) + len(dataset.valid), len(dataset.test)) == (20, 5)
    assert torch.equal(dataset.test.inputs, torch.from_numpy(x[20:]).float())
    everything = torch.cat([dataset.train.inputs, dataset.valid.inputs])[:, 0].sort().values
    assert torch.equal(everything, torch.from_numpy(x[:20, 0]).float())


def test_an_npy_file_finds_its_targets_beside_it(tmp_path):
    np.save(tmp_path / "waves.npy", generator.normal(size=(20, 3)))
    assert load_arrays(tmp_path / "waves.npy").card.task == "generation"
    np.save(tmp_path / "y.npy", np.arange(20) % 2)
    np.save(tmp_path / "x.npy", np.zeros((7, 2)))
    dataset = load_arrays(tmp_path / "waves.npy")
    assert (dataset.card.task, examples(dataset), dataset.sample_shape) == ("classification", 20, (3,))


@pytest.mark.parametrize(("x", "y"), [("X", "y"), ("x", "y"), ("X", "Y")])
def test_npy_files_are_found_in_whatever_letters(tmp_path, x, y):
    values, answers = np.arange(50.0).reshape(25, 2), np.arange(25) % 2
    for split, rows in (("train", slice(20)), ("test", slice(20, 25))):
        np.save(tmp_path / f"{x}_{split}.npy", values[rows])
        np.save(tmp_path / f"{y}_{split}.npy", answers[rows])
    dataset = load_arrays(tmp_path / f"{x}_train.npy")
    assert (dataset.card.task, len(dataset.train) + len(dataset.valid)) == ("classification", 20)
    assert torch.equal(dataset.test.inputs, torch.from_numpy(values[20:]).float())
    assert torch.equal(dataset.test.labels, torch.from_numpy(answers[20:]))


def test_safetensors_with_other_names_and_short_floats(tmp_path):
    tensors = {"pixels": torch.rand(12, 1, 4, 4).bfloat16(), "answers": torch.arange(12) % 3}
    save_file(tensors, tmp_path / "set.safetensors")
    dataset = load_arrays(tmp_path / "set.safetensors", inputs="pixels", target="answers")
    assert (dataset.train.inputs.dtype, examples(dataset)) == (torch.float32, 12)
    with pytest.raises(TorchbookError, match="no array 'x', only answers, pixels"):
        load_arrays(tmp_path / "set.safetensors")
    with pytest.raises(TorchbookError, match="no array 'y', only answers, pixels"):
        load_arrays(tmp_path / "set.safetensors", inputs="pixels")


def test_rows_that_are_not_finite_are_left_out_and_told(tmp_path):
    x, y = np.arange(40.0).reshape(20, 2), np.arange(20.0)
    x[3, 1], y[7], x[9, 0] = np.nan, np.inf, 1e300
    dataset = load_arrays(saved(tmp_path, x=x, y=y))
    assert dataset.card.extra["left_out"] == {"train": [3, 7, 9]}
    assert any("3 rows" in note for note in dataset.card.notes)
    assert examples(dataset) == 17


def test_a_constant_feature_has_no_tiny_deviation_but_a_small_one_has(tmp_path):
    x = np.stack([np.full(20, 1000.3), np.zeros(20), np.arange(20) * 1e-9], 1)
    card = load_arrays(saved(tmp_path, x=x, y=np.arange(20) % 2)).card
    assert card.std[:2] == (1, 1)
    assert 0 < card.std[2] < 1e-8


def test_the_same_seed_draws_the_same_rows(tmp_path):
    path = saved(tmp_path, x=np.arange(100.0), y=np.arange(100) % 4)
    first, second, other = (load_arrays(path, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first.test.inputs, second.test.inputs)
    assert not torch.equal(first.test.inputs, other.test.inputs)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"y": np.arange(3)}, "no array 'x'"),
        ({"x": np.zeros((3, 2)), "z": np.arange(3)}, "no array 'y'"),
        ({"x": np.zeros((3, 2)), "y": np.arange(4)}, "expected as many rows"),
        ({"x": np.zeros((3, 2)), "y": np.zeros(3, int)}, "one value in every row"),
        ({"x": np.zeros((0, 2)), "y": np.zeros(0, int)}, "none of them empty"),
        ({"x": np.float32(3), "y": np.zeros(3)}, "expected 1 to 5 axes"),
        ({"x": np.zeros(3, complex), "y": np.zeros(3)}, "expected numbers"),
        ({"x": np.array(["a", "b"]), "y": np.zeros(2)}, "expected numbers"),
        ({"x": np.full(3, np.nan), "y": np.arange(3)}, "finite"),
        ({"x": np.zeros(3), "y": np.zeros(3, "M8[s]")}, "a label a row"),
        ({"x_train": np.zeros((3, 2)), "x_test": np.zeros((3, 4))}, "same in every split"),
        ({"x_train": np.zeros(3), "x_test": np.zeros(3), "y_train": np.arange(3)}, "no array 'y_test'"),
    ],
)
def test_a_mistake_is_named_in_one_line(tmp_path, arrays, message):
    with pytest.raises(TorchbookError, match=message) as caught:
        load_arrays(saved(tmp_path, **arrays))
    assert "\n" not in str(caught.value)


class Trap:
    """Loading this as a pickle would write a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("ending", ["npy", "npz"])
def test_python_objects_are_refused_unread(tmp_path, ending):
    trap = np.array([Trap(tmp_path / "sprung")], object)
    path = tmp_path / f"set.{ending}"
    np.save(path, trap, allow_pickle=True) if ending == "npy" else np.savez(path, x=trap)
    with pytest.raises(TorchbookError, match="could run code"):
        load_arrays(path)
    assert not (tmp_path / "sprung").exists()


def test_arrays_beyond_the_memory_are_refused(tmp_path):
    header = {"descr": "<f4", "fortran_order": False, "shape": (1 << 50,)}
    with (tmp_path / "x.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
    with pytest.raises(TorchbookError, match=r"memory|damaged"):
        load_arrays(tmp_path / "x.npy")
    with (tmp_path / "x.npy").open("r+b") as file:
        file.truncate(1 << 42)
    with pytest.raises(TorchbookError, match="do not fit"):
        load_arrays(tmp_path / "x.npy")


@settings(max_examples=60, deadline=None)
@given(data=st.data(), ending=st.sampled_from(["npy", "npz", "safetensors"]))
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, data, ending):
    path = tmp_path_factory.mktemp("arrays") / f"x.{ending}"
    x, y = np.arange(24.0).reshape(12, 2), np.arange(12) % 2
    if ending == "npy":
        np.save(path, x)
    elif ending == "npz":
        np.savez_compressed(path, x=x, y=y)
    else:
        save_file({"x": torch.from_numpy(x), "y": torch.from_numpy(y)}, path)
    content = bytearray(path.read_bytes())
    del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 3)) if content else 0):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        dataset = load_arrays(path)
    except TorchbookError as error:
        assert "\n" not in str(error)
    else:
        assert torch.isfinite(dataset.train.inputs).all()


def test_bytes_in_an_npy_file_are_mapped_and_the_file_stays_as_it_is(tmp_path):
    for split in ("train", "valid", "test"):
        np.save(tmp_path / f"x_{split}.npy", np.zeros((20, 8, 8), np.uint8))
        np.save(tmp_path / f"y_{split}.npy", np.arange(20) % 2)
    dataset = load_arrays(tmp_path / "x_train.npy")
    # Another program changes the file, and the data set, which has not read it, sees that: it is no copy.
    with (tmp_path / "x_train.npy").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x07")
    assert dataset.train.inputs[-1, 0, -1, -1] == 7
    dataset.train.inputs.fill_(9)
    assert np.load(tmp_path / "x_train.npy").max() == 7


TARGETS = {
    "counting": np.arange(60) % 3,
    "truths in floats": (np.arange(60) % 2).astype(float),
    "a quantity of whole numbers": np.random.default_rng(0).permutation(2000)[:60],
    "many classes": np.arange(600) % 40,
    "steps with gaps": np.array([1, 5, 9])[np.arange(60) % 3],
    "names": np.array(["cat", "ant", "bee"])[np.arange(60) % 3],
    "counts with rare ones": np.r_[np.zeros(40, int), np.arange(15)],
    "floats": np.linspace(0, 1, 60),
}


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_target_is_the_same_from_every_kind_of_file(tmp_path, name):
    y = TARGETS[name]
    x = np.random.default_rng(1).normal(size=(len(y), 2))
    rows = "".join(f"{a!r},{b!r},{c}\n" for (a, b), c in zip(x.tolist(), y.tolist()))
    (tmp_path / "t.csv").write_text("p,q,y\n" + rows)
    (tmp_path / "arrays").mkdir()
    np.save(tmp_path / "arrays" / "X.npy", x)
    np.save(tmp_path / "arrays" / "y.npy", y)
    cards = [
        load(tmp_path / "t.csv").card,
        load(saved(tmp_path, x=x, y=y)).card,
        load(tmp_path / "arrays" / "X.npy").card,
        load(tmp_path / "arrays").card,
    ]
    assert len({(card.task, card.classes) for card in cards}) == 1
    kinds = {"y": "categorical" if cards[0].task == "regression" else "continuous"}
    if name != "names":
        others = [load(tmp_path / "t.csv", kinds=kinds).card, load(saved(tmp_path, x=x, y=y), kinds=kinds).card]
        assert others[0].task == others[1].task != cards[0].task


@pytest.mark.parametrize(
    ("inputs", "target"),
    [("data", "labels"), ("arr_0", "arr_1"), ("X", "Y"), ("features", "target"), ("images", "labels")],
)
def test_usual_names_are_found_with_and_without_splits(tmp_path, inputs, target):
    x, y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
    assert load_arrays(saved(tmp_path, **{inputs: x, target: y})).card.classes == ("0", "1")
    for form in ("{}_{}", "{1}_{0}"):
        arrays = {
            form.format(name, split): values[rows]
            for name, values in ((inputs, x), (target, y))
            for split, rows in (("train", slice(14)), ("val", slice(14, 17)), ("test", slice(17, 20)))
        }
        assert [len(split) for split in load_arrays(saved(tmp_path, **arrays))] == [14, 3, 3]


def test_the_target_is_not_predicted_from_itself(tmp_path):
    np.save(tmp_path / "y.npy", np.arange(20) % 2)
    with pytest.raises(TorchbookError, match="is the target itself; say inputs=NAME"):
        load_arrays(tmp_path / "y.npy")
    np.save(tmp_path / "X.npy", np.zeros((20, 2)))
    with pytest.raises(TorchbookError, match=r"is the target itself; give that of the inputs: .*X\.npy"):
        load_arrays(tmp_path / "y.npy")


def test_steps_can_come_before_features(tmp_path):
    x = generator.normal(size=(40, 50, 3))
    path = saved(tmp_path, x=x, y=np.arange(40) % 2)
    features, steps = load_arrays(path), load_arrays(path, steps_first=True)
    assert (features.sample_shape, steps.sample_shape) == ((50, 3), (3, 50))
    assert any("steps_first=True" in note for note in features.card.notes)
    assert torch.equal(steps.train.inputs, features.train.inputs.transpose(1, 2))
    assert torch.equal(array_rows(steps.card.extra, path, (3, 50)), torch.from_numpy(x).float().transpose(1, 2))


def test_rows_of_0_and_1_are_tags(tmp_path):
    y = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 0]])[np.arange(30) % 3]
    dataset = load_arrays(saved(tmp_path, x=np.arange(30.0), labels=y))
    assert (dataset.card.task, len(dataset.card.classes)) == ("multilabel", 3)
    for row, label in zip(dataset.train.inputs[:, 0].int().tolist(), dataset.train.labels):
        assert label.tolist() == y[row].tolist()


@pytest.mark.parametrize("form", ["npy", "npz", "another name"])
def test_new_rows_are_prepared_as_those_of_training(tmp_path, form):
    x = generator.integers(0, 256, (30, 9, 9, 3), np.uint8)
    dataset = load_arrays(saved(tmp_path, x=x, y=np.arange(30) % 2))
    path = tmp_path / "new.npy"
    np.save(path, x) if form == "npy" else np.savez(path := tmp_path / "new.npz", **{"x" if form == "npz" else "z": x})
    assert torch.equal(array_rows(dataset.card.extra, path, (3, 9, 9)), torch.from_numpy(x).permute(0, 3, 1, 2))
    np.save(tmp_path / "other.npy", np.zeros((4, 5)))
    with pytest.raises(TorchbookError, match="the model was trained on"):
        array_rows(dataset.card.extra, tmp_path / "other.npy", (3, 9, 9))
