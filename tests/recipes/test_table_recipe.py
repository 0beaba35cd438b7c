"""The table recipe: trained on a file of rows, asked about new ones."""

import os
from pathlib import Path

import numpy as np
import pytest

from torchbook.inference import predict
from torchbook.recipes.start import evaluate, resume, start
from torchbook.run import Run

pytestmark = pytest.mark.proven


def rents(path: Path, count: int = 900) -> Path:
    """Rents of flats: each of 25 quarters has its own level, and the year of building acts in a curve."""
    draw = np.random.default_rng(0)
    levels = draw.normal(0, 4, 25)
    lines = ["flat;quarter;rooms;built;heating;rent"]
    for i in range(count):
        quarter, rooms, built = draw.integers(25), draw.integers(1, 6), draw.integers(1900, 2020)
        heating = draw.choice(["gas", "oil", "wood"])
        rent = 12 + levels[quarter] + ((built - 1960) / 25) ** 2 + (heating == "gas") + draw.normal(0, 0.5)
        size = "" if i % 10 == 0 else rooms
        lines.append(f"{i};quarter {quarter};{size};{built};{heating};{100 * rent:.2f}".replace(".", ","))
    path.write_text("\n".join(lines))
    return path


def test_embeddings_and_hidden_layers_beat_the_mean_and_the_line(tmp_path):
    data = rents(tmp_path / "rents.csv")
    result = start("table", {"data": str(data)}, folder=tmp_path / "runs")
    assert result["baseline"]["r2"] < 0.05
    assert result["test"]["r2"] > 0.9 > result["linear"]["r2"] > 0.4
    assert "a linear model" in result["verdict"]
    notes = " ".join(result["notes"])
    assert "'quarter' is categorical" in notes and "embedded" in notes and "'flat' is left out" in notes
    assert evaluate(result["run"]) == result == resume(result["run"])

    new = tmp_path / "new.csv"
    new.write_text("rent;heating;quarter;rooms;built\n;gas;quarter 3;4;2015\n;steam;nowhere;;1960\n")
    known, unknown = predict(Run.open(result["run"]), [new])
    assert known["notes"] == [] and 300 < known["values"]["rent"] < 4000
    assert np.isfinite(unknown["values"]["rent"]) and len(unknown["notes"]) == 3


def test_windows_of_rows_tell_the_next_one(tmp_path):
    draw = np.random.default_rng(1)
    day = np.datetime64("2023-01-01") + np.arange(400)
    sales = 50 + 20 * np.sin(np.arange(400) / 3) + draw.normal(0, 1, 400)
    data = tmp_path / "sales.csv"
    data.write_text("\n".join(["day,sales", *(f"{d},{s:.2f}" for d, s in zip(day, sales))]))
    result = start("table", {"data": str(data), "time_column": "day", "window": 6}, folder=tmp_path / "runs")
    assert result["test"]["r2"] > 0.9 > result["baseline"]["r2"]
    answers = predict(Run.open(result["run"]), [data])
    assert len(answers) == 400 - 6 + 1
    assert answers[-1]["values"]["sales"] == pytest.approx(50 + 20 * np.sin(400 / 3), abs=5)


@pytest.mark.slow
@pytest.mark.proven
@pytest.mark.parametrize(
    ("name", "measure", "least"),
    [("student_data", "accuracy", 0.6), ("two_features", "accuracy", 0.85), ("winequality-white", "r2", 0.35)],
)
def test_real_tables_train_as_they_are(name, measure, least, tmp_path):
    folder = os.environ.get("TORCHBOOK_DATA")
    if not folder:
        pytest.skip("needs the folder named by TORCHBOOK_DATA")
    result = start("table", {"data": str(Path(folder) / "tables" / f"{name}.csv")}, folder=tmp_path)
    assert result["test"][measure] > least
