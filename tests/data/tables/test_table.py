"""A table of text as a data set."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import event, given, settings
from hypothesis import strategies as st

from torchbook.data import load
from torchbook.data.tables.table import load_table
from torchbook.data.tables.table_rows import encode_rows
from torchbook.errors import TorchbookError
from torchbook.models.table import TableModel

RARE = st.sampled_from(["", "NA", "?", "about 3", "12 %", "x;y", 'say "a"', "1,5", "2024-01-31", "1e3"])
COLUMN = st.sampled_from(
    [
        st.integers(-50, 50).map(str),
        st.integers(-9999, 9999).map(lambda n: str(n / 100)),
        st.integers(-9999, 9999).map(lambda n: str(n / 100).replace(".", ",")),
        st.integers(1, 4).map(str),
        st.sampled_from(["red", "green", "blue"]),
        st.integers(0, 40).map(lambda n: f"city {n}"),
        st.dates().map(str),
        st.just("same"),
        st.text("ab,;|\t\"'\n ", max_size=5),
    ]
)


@st.composite
def tables(draw):
    """Rows of typed columns with a little dirt in them."""
    columns, count = draw(st.lists(COLUMN, min_size=2, max_size=5)), draw(st.integers(1, 40))
    rows = [[draw(column) for column in columns] for _ in range(count)]
    for _ in range(draw(st.integers(0, 3))):
        rows[draw(st.integers(0, count - 1))][draw(st.integers(0, len(columns) - 1))] = draw(RARE)
    return rows


def write(path: Path, rows: list[list[str]], *, separator: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


@given(tables(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8", "utf-8-sig"]), st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_table_is_a_data_set_that_accounts_for_every_row(tmp_path_factory, rows, separator, encoding, header):
    names = [[f"name {i}" for i in range(len(rows[0]))]] if header else []
    path = tmp_path_factory.mktemp("t") / "t.csv"
    write(path, names + rows, separator=separator, encoding=encoding)
    try:
        data = load_table(path, header=header)
    except TorchbookError as error:
        assert "\n" not in str(error)
        event(str(error)[-40:])
        return
    event("read")
    used = len(rows) - sum(not any(cell.strip() for cell in row) for row in rows)
    notes = " ".join(data.card.notes)
    if "too few to split" in notes:
        counted = len(data.train)
    else:
        counted = sum(map(len, data))
    assert counted == used or "left out" in notes or "skipped" in notes
    for split in data:
        assert split.inputs.dtype == torch.float32 and torch.isfinite(split.inputs).all()
        assert split.inputs.shape[1] == len(data.card.features) == len(data.card.mean) == len(data.card.std)
    assert torch.isfinite(data.normalize(data.train.inputs)).all()
    # The stored card alone makes the same numbers of the same file.
    if "left out" not in notes and "too few" not in notes:
        again = encode_rows(json.loads(json.dumps(data.card.extra)), path)
        together = torch.cat([split.inputs for split in data])
        assert sorted(map(tuple, again.tolist())) == sorted(map(tuple, together.tolist()))


def grown(count: int = 60) -> list[list[str]]:
    """Rows with every kind of column: a counter, a date, many cities, a size, a number with gaps, and a quantity."""
    draw = np.random.default_rng(0)
    rows = [["id", "day", "city", "size", "income", "price"]]
    for i in range(count):
        day = np.datetime64("2023-01-01") + i
        income = "" if i % 7 == 0 else f"{draw.uniform(1, 9):.2f}"
        city, size = f"city {draw.integers(12)}", draw.choice(["S", "M", "L"])
        rows.append([str(i), str(day), city, size, income, f"{draw.normal():.3f}"])
    return rows


def test_every_column_is_explained(tmp_path):
    data = load(write(tmp_path / "t.csv", grown()))
    columns = {known["name"]: known for known in data.card.extra["columns"]}
    kinds = {name: known["kind"] for name, known in columns.items()}
    assert kinds == {
        "id": "identifier", "day": "date", "city": "categorical", "size": "ordinal", "income": "continuous",
    }  # fmt: skip
    assert columns["city"]["encoding"] == "embedded" and columns["id"]["role"] == "left out"
    assert all(known["reason"] and known["why"] for known in columns.values())
    notes = " ".join(data.card.notes)
    assert "'id' is left out" in notes and "9 of 60 cells of 'income' are empty" in notes
    assert "Predicts 'price' (it is the last column), regression" in notes
    assert (data.card.kind, data.card.task, data.card.targets) == ("table", "regression", ("price",))


def test_statistics_and_categories_are_those_of_the_training_split_only(tmp_path):
    rows = [["x", "y"], *([str(i), "a" if i % 2 else "b"] for i in range(100, 200))]
    data = load_table(write(tmp_path / "t.csv", rows))
    values = data.train.inputs.double().numpy()
    assert data.card.mean == pytest.approx(values.mean(0)) and data.card.std == pytest.approx(values.std(0))
    every = torch.cat([split.inputs for split in data])
    assert data.card.mean[0] != pytest.approx(every.double().mean().item())


def test_a_split_in_time_and_windows(tmp_path):
    rows = grown()
    shuffled = [rows[0], *(rows[1:][i] for i in np.random.default_rng(1).permutation(60))]
    path = write(tmp_path / "t.csv", shuffled)
    data = load_table(path, time_column="Day", kinds={"id": "continuous"})
    counter = data.card.features.index("id")
    train, valid, test = (split.inputs[:, counter] for split in data)
    assert train.max() < valid.min() and valid.max() < test.min()
    assert "day" not in data.card.features and "day (sine of the week)" in data.card.features
    sequences = load_table(path, time_column="day", window=4, kinds={"id": "continuous"})
    assert sequences.card.kind == "sequences" and sequences.sample_shape == (len(sequences.card.features), 4)
    past = sequences.card.features.index("price")
    assert torch.equal(sequences.train.inputs[1:, past, -1], sequences.train.labels[:-1, 0])
    seen = [set(split.inputs[:, counter].flatten().tolist()) for split in sequences]
    assert not (seen[0] & seen[1] or seen[1] & seen[2])
    batch, _ = next(iter(sequences.batches("valid", size=5)))
    assert batch.shape[2] == 4
    encoded = encode_rows(sequences.card.extra, path)
    assert len(encoded) == 60 - 4 + 1 and torch.equal(encoded[: len(sequences.train)], sequences.train.inputs)


def test_windows_need_one_row_at_a_time(tmp_path):
    path = write(
        tmp_path / "t.csv", [["hour", "till", "sales"], *([str(i // 2), f"{i % 3}.5", f"{i}.5"] for i in range(40))]
    )
    assert len(load_table(path, time_column="hour").train) == 28
    with pytest.raises(TorchbookError, match="several rows have the same time"):
        load_table(path, time_column="hour", window=2)


def test_several_series_are_windows_of_each(tmp_path):
    rows = [[f"2024-01-{1 + i // 2:02}", "ab"[i % 2], f"{100 * (i % 2) + i // 2}.5"] for i in range(60)]
    rows = [row for row in rows if row[0] != "2024-01-10"]
    path = write(tmp_path / "t.csv", [["day", "shop", "sales"], *rows])
    with pytest.raises(TorchbookError, match="say group_column=shop, which tells the series apart"):
        load_table(path, time_column="day", window=3)
    data = load_table(path, time_column="day", window=3, group_column="shop")
    past = data.card.features.index("sales")
    for split in data:
        # Of one shop, day by day, and no window goes across the day that is missing.
        values = torch.cat([split.inputs[:, past], split.labels], dim=1)
        assert (values.diff(dim=1) == 1).all()
    across = load_table(path, time_column="day", window=3, group_column="shop", across_gaps=True)
    assert sum(map(len, across)) > sum(map(len, data))
    rows_, notes = encode_rows(data.card.extra, path), []
    encode_rows(data.card.extra, path, notes=notes)
    assert (rows_[:, past].diff(dim=1) == 1).all() and len(notes) == len(rows_) == 2 * (9 - 2 + 20 - 2)


def test_series_without_times_go_in_the_order_of_the_file(tmp_path):
    rows = [[shop, f"{100 * k + i}.5"] for k, shop in enumerate("ab") for i in range(30)]
    data = load_table(write(tmp_path / "t.csv", [["shop", "sales"], *rows]), window=2, group_column="shop")
    assert all(set((split.labels[:, 0] // 100).int().tolist()) == {0, 1} for split in data)


def test_a_column_that_says_train_and_test_is_the_split(tmp_path):
    rows = [["x", "split", "y"], *([f"{i}.5", ["train", "val", "test"][i % 3], "ab"[i // 3 % 2]] for i in range(60))]
    data = load_table(write(tmp_path / "t.csv", rows))
    assert data.card.features == ("x",)
    for place, split in enumerate(data):
        assert set(((split.inputs[:, 0] - 0.5) % 3).tolist()) == {float(place)}
    words = [["x", "split", "y"], *([f"{i}.5", ["odd", "even"][i % 2], "ab"[i // 3 % 2]] for i in range(60))]
    assert "split = odd" in load_table(write(tmp_path / "t.csv", words)).card.features


@pytest.mark.parametrize("cell", ["yes", "YES", " Yes ", "yEs"])
def test_new_rows_are_read_as_those_of_training_were(tmp_path, cell):
    rows = [["w", "temp", "ok", "y"]]
    rows += [
        [f"{i} kg", "-999" if i % 9 == 0 else f"{i % 13 * 1.5}", "yes" if i % 2 else "no", "ab"[i % 3 % 2]]
        for i in range(1, 60)
    ]
    data = load_table(write(tmp_path / "t.csv", rows))
    new = write(tmp_path / "n.csv", [["w", "temp", "ok"], ["7kg", "-999", cell], ["7", "", "yes"]])
    first, second = encode_rows(data.card.extra, new)
    assert torch.equal(first, second)
    assert first[data.card.features.index("ok = yes")] == 1 and first[data.card.features.index("temp is missing")] == 1


def test_a_series_without_times_is_taken_as_it_stands(tmp_path):
    path = write(tmp_path / "t.csv", [["sales"], *([f"{i}.5"] for i in range(40))])
    data = load_table(path, window=3)
    assert data.train.inputs[0].tolist() == [[0.5, 1.5, 2.5]] and data.train.labels[0].item() == 3.5
    assert "order of the file" in " ".join(data.card.notes)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"target": "prise"}, "no target 'prise' in the table; did you mean 'price'?"),
        ({"target": "day"}, "cannot be predicted: dates"),
        ({"time_column": "city"}, "must hold dates or numbers, but it is categorical"),
        ({"time_column": "dya"}, "did you mean 'day'?"),
        ({"kinds": {"citi": "date"}}, "did you mean 'city'?"),
        ({"kinds": {"city": "text"}}, "must be one of continuous, ordinal, categorical, date, identifier"),
        ({"window": 50}, "a window must be of 1 to"),
        ({"target": "day", "time_column": "day"}, "both the target and the time"),
        ({"sheet": 1}, "no option sheet=1"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, options, says):
    with pytest.raises(TorchbookError) as error:
        load(write(tmp_path / "t.csv", grown()), **options)
    assert says in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["0", "1"], "classification", ("0", "1")),
        (["no", "yes"], "classification", ("no", "yes")),
        (["1", "2", "3"], "classification", ("1", "2", "3")),
        (["3", "4", "5"], "regression", ()),
        (["1.5", "2.5", "3.5"], "regression", ()),
        (["low", "high", "medium"], "classification", ("low", "medium", "high")),
    ],
)
def test_classes_and_quantities_are_told_apart(tmp_path, values, task, classes):
    rows = [[str(i * 1.5), values[i % len(values)]] for i in range(60)]
    data = load_table(write(tmp_path / "t.csv", [["x", "grade"], *rows]))
    assert (data.card.task, data.card.classes) == (task, classes)
    if task == "classification":
        assert all(
            split.labels.dtype == torch.int64 and set(split.labels.tolist()) == set(range(len(classes)))
            for split in data
        )


def test_a_person_can_ask_for_the_other_task(tmp_path):
    path = write(tmp_path / "t.csv", [["x", "grade"], *([str(i * 1.5), str(3 + i % 3)] for i in range(60))])
    assert load_table(path, kinds={"grade": "categorical"}).card.classes == ("3", "4", "5")
    path = write(tmp_path / "t.csv", [["x", "grade"], *([str(i * 1.5), str(i % 3)] for i in range(60))])
    assert load_table(path, kinds={"grade": "continuous"}).card.task == "regression"


def test_nothing_to_learn_is_said(tmp_path):
    for rows, says in [
        ([["x", "y"], ["1", "5"], ["2", "5"]], "one value in every row"),
        ([["x", "y"], ["5", "1"], ["5", "2"]], "no column to learn from"),
        ([["y"], ["1"], ["2"]], "no column to learn from"),
    ]:
        with pytest.raises(TorchbookError, match=says):
            load_table(write(tmp_path / "t.csv", rows))


def test_new_rows_need_only_the_card(tmp_path):
    data = load_table(write(tmp_path / "t.csv", grown()))
    extra = json.loads(json.dumps(data.card.extra))
    notes: list[list[str]] = []
    rows = [
        ["size", "city", "day", "more", "income"],
        ["M", "Atlantis", "2025-01-01", "1", ""],
        ["XXL", "city 1", "", "2", "3"],
    ]
    encoded = encode_rows(extra, write(tmp_path / "new.csv", rows), notes=notes)
    at = {name: i for i, name in enumerate(data.card.features)}
    assert encoded.shape == (2, len(at)) and torch.isfinite(encoded).all()
    assert encoded[0, at["city"]] == 0 and encoded[1, at["city"]] > 0
    assert encoded[:, at["income is missing"]].tolist() == [1, 0]
    fill = {known["name"]: known.get("fill") for known in extra["columns"]}
    assert encoded[0, at["income"]] == pytest.approx(fill["income"])
    assert notes == [
        [
            "line 2: 'city' is 'Atlantis', which the model does not know (never or once in training)",
            f"line 2: 'income' is empty; the training mean {fill['income']:g} stands there",
        ],
        [
            f"line 3: 'day' is empty; the training mean {np.datetime64(int(fill['day']), 'D')} stands there",
            f"line 3: 'size' is 'XXL', not one of s, m, l; the training mean {fill['size']:g} stands there",
        ],
    ]
    model = TableModel(data.sample_shape, 1, data.card.extra["embeddings"])
    assert torch.isfinite(model(data.normalize(encoded))).all()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["size", "town", "day", "income"], ["M", "a", "2025-01-01", "1"]], "no column 'city' in new.csv"),
        ([["M", "a"]], "expected 5 (id, day, city, size, income)"),
        ([["size", "city", "day", "income"]], "no row"),
        (
            [["size", "city", "day", "income"], ["M", "a", "2025-01-01", "1", "2"], ["M", "a", "2025-01-01", "1"]],
            "line 2",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path, rows, says):
    data = load_table(write(tmp_path / "t.csv", grown()))
    with pytest.raises(TorchbookError) as error:
        encode_rows(data.card.extra, write(tmp_path / "new.csv", rows))
    assert says in str(error.value)


@pytest.mark.parametrize(
    "header",
    [["small", "large", "kind"], ["a", "a", "kind"], ["a", "", "kind"], ["a  b", "c", "kind"]],
)
@pytest.mark.parametrize("numbered", [False, True])
def test_new_rows_have_the_names_that_training_made_of_the_header(tmp_path, header, numbered):
    values = [[f"{i % 7}.5", f"{100 + i}.5", "sweet" if i % 2 else "sour"] for i in range(30)]
    # R numbers the rows and gives the numbers no name.
    rows = [header, *([str(i), *row] if numbered else row for i, row in enumerate(values, 1))]
    data = load_table(write(tmp_path / "t.csv", rows))
    found = encode_rows(data.card.extra, write(tmp_path / "new.csv", rows))
    assert found[:, -2:].tolist() == [[float(cell) for cell in row[:2]] for row in values]


@pytest.mark.parametrize(
    ("header", "named"), [("0,1,2", True), ("2,label,0,1", True), ("0,1.5,2.5", False), ("1,0,1", False)]
)
def test_a_number_among_new_rows_is_no_name_of_a_column(tmp_path, header, named):
    rows = [["0", "1", "2", "label"], *([f"{i}.5", f"{i % 7}.5", str(i % 2), "ab"[i % 3 > 0]] for i in range(30))]
    data = load_table(write(tmp_path / "t.csv", rows))
    assert data.card.features == ("0", "1", "2 = 0", "2 = 1")
    new = tmp_path / "new.csv"
    new.write_text(f"{header}\n" + ("9.5,a,3.5,4.5\n" if "label" in header else "3.5,4.5,1\n"))
    assert len(encode_rows(data.card.extra, new)) == (1 if named else 2)


def test_new_rows_are_read_once(tmp_path, monkeypatch):
    path = write(tmp_path / "t.csv", grown())
    data = load_table(path)
    reads = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: reads.append(self) or read_bytes(self))
    encode_rows(data.card.extra, path)
    assert reads == [path]


def test_rows_without_names_go_by_position(tmp_path):
    rows = [[f"{i}.5", f"{i * i}.5", str(i % 2)] for i in range(30)]
    data = load_table(write(tmp_path / "t.csv", rows))
    for new in ([["3.5", "9.5"]], [["3.5", "9.5", "1"]]):
        assert encode_rows(data.card.extra, write(tmp_path / "new.csv", new)).tolist() == [[3.5, 9.5]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "task", "target", "features", "rows"),
    [
        ("student_data", "classification", "admit", 3, 400),
        ("winequality-white", "regression", "quality", 11, 4898),
        ("two_features", "classification", "column 3", 2, 100),
    ],
)
def test_real_tables_work_as_they_are(name, task, target, features, rows):
    folder = os.environ.get("TORCHBOOK_DATA")
    if not folder:
        pytest.skip("needs the folder named by TORCHBOOK_DATA")
    data = load(Path(folder) / "tables" / f"{name}.csv")
    assert (data.card.task, data.card.extra["target"]["name"]) == (task, target)
    assert len(data.card.features) == features and sum(map(len, data)) == rows


def test_a_target_that_is_no_number_is_named_with_its_line(tmp_path):
    rows = [["x", "y"], *([str(i * 1.5), str(i * 2.5)] for i in range(40)), ["3", "about 7"], ["4", ""]]
    data = load_table(write(tmp_path / "t.csv", rows))
    notes = " ".join(data.card.notes)
    assert "1 cell of 'y' read as no number and count as empty: 'about 7' in line 42" in notes
    assert "2 rows are left out, without a target 'y'" in notes


def test_rows_without_a_target_are_counted_with_the_words_that_stand_there(tmp_path):
    words = ["EU", "AS", "NA", "none", ""]
    rows = [["x", "continent"], *([f"{i}.5", words[i % 5]] for i in range(60))]
    path = write(tmp_path / "t.csv", rows)
    data = load_table(path)
    notes = " ".join(data.card.notes)
    assert data.card.classes == ("AS", "EU", "none")
    assert "text with 3 different values, 'none' among them: one of 3 classes" in notes
    assert "24 rows are left out, without a target 'continent' ('NA' in 12 rows; say" in notes
    assert "kinds={'continent': 'categorical'}" in notes
    data = load_table(path, kinds={"continent": "categorical"})
    assert data.card.classes == ("AS", "EU", "NA", "none")
    assert "12 rows are left out, without a target 'continent'." in " ".join(data.card.notes)
